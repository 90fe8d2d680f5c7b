import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementError,
  type BatchStatementRequest,
  type BatchStatementResponse,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Hierarchy } from '@oncefold/reducer';
import { recountAttributes, tradeToItem } from '@oncefold/trades';
import type { FindWritersResult, StateStore, VersionWrite, WriteResult } from '../state-store.ts';
import { formatHistoryEntry, historySlot } from '../version-history.ts';
import {
  type AnsweredWrite,
  confirmAbsent,
  historyAttributes,
  readExistingItem,
  writerAttributes,
  writersOf,
} from './existing-item.ts';
import { READ_KEYS_MAX, readItems } from './read-items.ts';
import { incompleteAnswer, StoreError, unavailableUnlessRefused } from './unavailable.ts';

/** DynamoDB's own limit of statements in a request. */
const STATEMENTS_MAX = 25;

/** Codes that refuse a statement whatever it holds: they are about the table and the function's rights. */
const REFUSALS: ReadonlySet<string> = new Set(['AccessDenied', 'ResourceNotFound', 'ValidationError']);

/**
 * The state table in DynamoDB, by PartiQL in batches: many conditional writes share one request.
 *
 * An insert is refused where there is an item, but does not say which; an update is refused where there is none or its
 * version is not lower, and returns the existing item. Write units are those of single requests. Each write sets the
 * history entry of its version, in the same statement, and leaves those of the versions before it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
 */
export function createDynamoDbStateStore(
  client: Pick<DynamoDBClient, 'send'>,
  { table, hierarchy }: { readonly table: string; readonly hierarchy: Hierarchy },
): StateStore {
  const statements = statementsFor(table);
  return {
    writesMax: STATEMENTS_MAX,
    async write(writes, signal) {
      const command = new BatchExecuteStatementCommand({
        Statements: writes.map((write) => statementOf(write, statements)),
      });
      const answer = await client.send(command, { abortSignal: signal }).catch(unavailableUnlessRefused);
      if ('code' in answer) {
        return writes.map(() => answer);
      }
      const responses = answer.Responses ?? [];
      if (responses.length !== writes.length) {
        return writes.map(() => incompleteAnswer);
      }
      const answered = writes.map((write, index): AnsweredWrite => {
        const response = responses[index];
        return { write, result: response ? resultOf(response, hierarchy) : incompleteAnswer };
      });
      return confirmAbsent(client, answered, { table, hierarchy, signal });
    },
    keysMax: READ_KEYS_MAX,
    async find(tradeIds, signal) {
      const keys = tradeIds.map((id) => ({ id: { S: id } }));
      const items = await readItems(client, { table, keys, attributes: ['id', ...writerAttributes], signal });
      return items.map(
        (read): FindWritersResult =>
          read.code === 'found' ? { code: 'found', writers: writersOf(read.item) } : read,
      );
    },
  };
}

/** Statements by the slot of the version's history entry. */
interface Statements {
  readonly inserts: readonly string[];
  /** Inserts that enter a recount. */
  readonly recountedInserts: readonly string[];
  readonly updates: readonly string[];
}

function statementsFor(table: string): Statements {
  // Names cannot be parameters, so nothing but a name may get into the text.
  if (!/^[A-Za-z0-9_.-]{3,255}$/.test(table)) {
    throw new TypeError('The name of the state table is not valid.');
  }
  const values = ['Version', 'Value', 'Hierarchy', 'Timestamp', 'Dimensions', 'RecordId'];
  const insertsWith = (...more: readonly string[]): readonly string[] =>
    historyAttributes.map((entry) => {
      const members = [...values, entry, 'id', ...more].map((name) => `'${name}':?`);
      return `INSERT INTO "${table}" VALUE {${members.join(',')}}`;
    });
  return {
    inserts: insertsWith(),
    recountedInserts: insertsWith(recountAttributes.number),
    updates: historyAttributes.map((entry) => {
      const assignments = [...values, entry].map((name) => `"${name}"=?`);
      return `UPDATE "${table}" SET ${assignments.join(', ')} WHERE "id"=? AND "Version"<?`;
    }),
  };
}

function statementOf(
  { mode, trade, recordKey, reference, recount }: VersionWrite,
  statements: Statements,
): BatchStatementRequest {
  const item = tradeToItem(trade);
  const slot = historySlot(trade.version);
  const Parameters: AttributeValue[] = [
    { N: item.Version },
    { N: item.Value },
    { S: item.Hierarchy },
    { N: item.Timestamp },
    { S: item.Dimensions },
    { S: recordKey },
    { S: formatHistoryEntry(item, reference) },
    { S: item.id },
  ];
  if (mode === 'insert' && recount > 0) {
    Parameters.push({ N: String(recount) });
    return { Statement: statements.recountedInserts[slot], Parameters };
  }
  if (mode === 'insert') {
    return { Statement: statements.inserts[slot], Parameters };
  }
  Parameters.push({ N: item.Version });
  return {
    Statement: statements.updates[slot],
    Parameters,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

function resultOf({ Error: error }: BatchStatementResponse, hierarchy: Hierarchy): WriteResult {
  if (error === undefined) {
    return { code: 'written' };
  }
  if (error.Code === 'DuplicateItem') {
    return { code: 'exists' };
  }
  if (error.Code === 'ConditionalCheckFailed') {
    return error.Item === undefined ? { code: 'absent' } : readExistingItem(error.Item, hierarchy);
  }
  if (isAboutSize(error)) {
    return { code: 'unwritable' };
  }
  if (error.Code !== undefined && REFUSALS.has(error.Code)) {
    throw new StoreError(`DynamoDB refused a statement: ${error.Code}.`);
  }
  return { code: 'unavailable', reason: error.Code ?? 'UnknownError' };
}

/** An item that others have filled up must not stop the trades of its shard: its versions are quarantined. */
function isAboutSize({ Code, Message }: BatchStatementError): boolean {
  if (Code === 'ItemCollectionSizeLimitExceeded') {
    return true;
  }
  return Code === 'ValidationError' && /\bsize\b/i.test(Message ?? '');
}
