import {
  type AttributeValue,
  type DynamoDBClient,
  type Put,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { formatPosition, SUB_SEQUENCE_NUMBER_MAX } from '@oncefold/commit';
import { counterNames, type OutcomeCounts, outcomes } from '@oncefold/trades';
import type { Unavailable } from '@oncefold/versioned-upsert';
import {
  incompleteAnswer,
  readItems,
  StoreError,
  unavailableUnlessRefused,
} from '@oncefold/versioned-upsert/dynamodb';
import type { AccountingEntry } from '../accounting-store.ts';

type Item = Readonly<Record<string, AttributeValue>>;

/** Whether the shard has an account now. */
export type MigrationResult =
  /** It has, or may have: the entry is to be counted in it. */
  | { readonly code: 'present' }
  /** It has, and the entry is counted in it. */
  | { readonly code: 'started' }
  /** It has none, and release 0.1.0 has none and can start none. */
  | { readonly code: 'none' }
  | Unavailable;

/**
 * Migrates the account that release 0.1.0 keeps of a shard, or starts one where it has none.
 *
 * One transaction puts counters and position under the new key and leaves a marker under the former one, so that records are
 * counted once. The marker has no position: 0.1.0, which may still run or be returned to, is refused by it, and can neither go
 * on in its account nor start one.
 */
export async function migrateAccount(
  client: Pick<DynamoDBClient, 'send'>,
  entry: AccountingEntry,
  { table, signal }: { readonly table: string; readonly signal: AbortSignal },
): Promise<MigrationResult> {
  const { key, formerKey, last, counts } = entry;
  if (formerKey === undefined) {
    return { code: 'none' };
  }
  const keys = [{ Shard: { S: key } }, { Shard: { S: formerKey } }];
  const [account, former] = await readItems(client, { table, keys, signal });
  if (account?.code === 'found') {
    return { code: 'present' };
  }
  if (account?.code === 'unavailable') {
    return account;
  }
  if (former?.code === 'unavailable') {
    return former;
  }
  const existing = former?.code === 'found' ? former.item : undefined;
  if (existing?.['MovedTo'] !== undefined) {
    return { code: 'none' };
  }

  const position = existing === undefined ? last : positionOf(existing);
  const command = new TransactWriteItemsCommand({
    // An answer that was cut off has no capacity.
    ReturnConsumedCapacity: 'TOTAL',
    TransactItems: [
      {
        Put: {
          TableName: table,
          Item: { ...(existing ?? countersOf(counts)), Shard: { S: key }, SequenceNumber: { S: position } },
          ...ifAbsent,
        },
      },
      {
        Put: {
          TableName: table,
          Item: { Shard: { S: formerKey }, MovedTo: { S: key } },
          ...(existing === undefined ? ifAbsent : ifAt(existing)),
        },
      },
    ],
  });
  try {
    const { ConsumedCapacity } = await client.send(command, { abortSignal: signal });
    if (ConsumedCapacity === undefined) {
      return incompleteAnswer;
    }
    return { code: existing === undefined ? 'started' : 'present' };
  } catch (error) {
    return error instanceof TransactionCanceledException
      ? afterCancellation(error)
      : unavailableUnlessRefused(error);
  }
}

const ifAbsent: Partial<Put> = {
  ConditionExpression: 'attribute_not_exists(#Shard)',
  ExpressionAttributeNames: { '#Shard': 'Shard' },
};

function ifAt(former: Item): Partial<Put> {
  return {
    ConditionExpression: '#SequenceNumber = :seen',
    ExpressionAttributeNames: { '#SequenceNumber': 'SequenceNumber' },
    ExpressionAttributeValues: { ':seen': former['SequenceNumber'] ?? { NULL: true } },
  };
}

/** The counters of an account as attributes, or as values of an expression whose names have a prefix. */
export function countersOf(counts: OutcomeCounts, prefix = ''): Item {
  return Object.fromEntries(
    outcomes.map((outcome) => [`${prefix}${counterNames[outcome]}`, { N: String(counts[outcome]) }]),
  );
}

function positionOf(former: Item): string {
  const text = former['SequenceNumber']?.S ?? '';
  if (!/^\d{129}$/.test(text)) {
    throw new StoreError(
      'The accounting table holds a position that cannot be migrated; restore or delete the item of this shard.',
    );
  }
  // The former form counted Kinesis records whole, so all of their user records are counted.
  return formatPosition(text, SUB_SEQUENCE_NUMBER_MAX);
}

function afterCancellation(error: TransactionCanceledException): MigrationResult {
  const codes = new Set(error.CancellationReasons?.map(({ Code }) => Code));
  if (codes.has('ValidationError')) {
    throw error;
  }
  // Where a condition failed, somebody else has just moved the account or counted in it: look again.
  if (codes.has('ConditionalCheckFailed')) {
    return { code: 'present' };
  }
  return { code: 'unavailable', reason: error.name };
}
