import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parseDecimal } from '@oncefold/reducer';
import { createDynamoDbTransactions } from './dynamodb/index.ts';
import {
  type Action,
  type AnyCommitError,
  type AttributeValue,
  type Batch,
  type CommitReport,
  checkpoint,
  commitBatch,
  createStrategy,
  type Effect,
  incrementEach,
  ledger,
  none,
  requestTokenStrategy,
  type Strategy,
  type TransactionOutcome,
  type TransactionPort,
} from './index.ts';
import { createMemoryTransactions } from './memory/index.ts';

const names = { namespace: 'shop', consumer: 'orders' };
const now = () => 0;
const effect: Effect = incrementEach({ table: 'Totals', key: 'Name', attribute: 'Count' });
const batch: Batch = {
  source: 'stream',
  records: [{ id: '1', contribution: new Map([['a', parseDecimal('1')]]) }],
};
const remainingMs = () => 30_000;

// What a team writes: each strategy, each adapter.
export const strategies: readonly Strategy[] = [
  none({ newName: () => 'name' }),
  requestTokenStrategy(names),
  ledger({ ...names, table: 'Ledger', retentionSeconds: 60, now }),
  checkpoint({ ...names, table: 'Positions', startsTable: 'Ledger', parallelizationFactor: 1 }),
];
export const ports: readonly TransactionPort[] = [
  createMemoryTransactions({ now }),
  createDynamoDbTransactions({} as DynamoDBClient),
];
const transactions = createMemoryTransactions({ now });
export const report: Promise<CommitReport> = commitBatch(batch, {
  transactions,
  strategy: requestTokenStrategy(names),
  effect,
  remainingMs,
});

/** Every error has a code and says whether to deliver again; a `switch` over the codes can be exhaustive. */
export function isWorthAnAlarm(error: AnyCommitError): boolean {
  return !error.retryable && error.code !== 'record-too-large';
}

declare const outcome: TransactionOutcome;
// @ts-expect-error the outcome has to be looked at: a conflict has no units
outcome.units;
// @ts-expect-error an action that nobody knows
export const unknownAction: Action = { type: 'delete', table: 't', key: { k: { S: 'a' } } };
const place = { table: 't', key: { k: { S: 'a' } } };
// @ts-expect-error a number as JavaScript has it
export const inexact: Action = { type: 'update', ...place, add: { n: 0.1 } };
// @ts-expect-error a ledger without a table
ledger({ ...names, retentionSeconds: 60, now });
ledger({ table: 'Ledger' });
// @ts-expect-error a checkpoint that does not say how many batches of a shard run at once
checkpoint({ ...names, table: 'Positions', startsTable: 'Ledger' });
// @ts-expect-error a misspelt option
incrementEach({ table: 'Totals', key: 'Name', atribute: 'Count' });
// @ts-expect-error an option that is missing
createStrategy('ledger', { ...names, ledgerTable: 'Ledger' });
// @ts-expect-error a batch that does not say where it comes from
commitBatch({ records: [] }, { transactions, strategy: requestTokenStrategy(names), effect, remainingMs });
// @ts-expect-error no time limit
commitBatch(batch, { transactions, strategy: requestTokenStrategy(names), effect });
// @ts-expect-error a client that is none
createDynamoDbTransactions({});

// The text or number of an attribute is read without a question for its type first, as of an item of the SDK.
const [row] = createMemoryTransactions({ now: () => 0 }).items('Revenue');
row?.['Region']?.S satisfies string | undefined;
row?.['Amount']?.N satisfies string | undefined;
({ S: 'eu' }) satisfies AttributeValue;
// @ts-expect-error an attribute of two types
({ S: 'eu', N: '1' }) satisfies AttributeValue;
