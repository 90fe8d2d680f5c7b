import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementError,
  type BatchStatementRequest,
  type BatchStatementResponse,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Hierarchy } from '@oncefold/reducer';
import { tradeToItem } from '@oncefold/trades';
import { appliedMark, markSlot } from '../applied-marks.ts';
import { StoreError } from '../errors.ts';
import type { FindWritersResult, StateStore, VersionWrite, WriteResult } from '../state-store.ts';
import { markNames, readExistingItem, writerNames, writersOf } from './existing-item.ts';
import { type AnsweredWrite, readExisting } from './read-existing.ts';
import { READ_KEYS_MAX, readItems } from './read-items.ts';
import { incompleteAnswer, unavailableUnlessRefused } from './unavailable.ts';

/** DynamoDB's own limit of statements in a request. */
const STATEMENTS_MAX = 25;

/** Codes that refuse a statement whatever it holds: they are about the table and the function's rights. */
const refusalCodes: ReadonlySet<string> = new Set(['AccessDenied', 'ResourceNotFound', 'ValidationError']);

/** Options of {@link createDynamoDbStateStore}. */
export interface DynamoDbStateStoreOptions {
  /** Name of the table. */
  readonly table: string;
  /** For reading existing items that do not name their own levels. */
  readonly hierarchy: Hierarchy;
}

/**
 * The state table in DynamoDB, by PartiQL in batches: many conditional writes share one request.
 *
 * An insert is refused where there is an item, but does not say which; an update is refused where there is none or its
 * version is not lower, and returns the existing item. Write units are those of single requests. Each write sets the
 * mark of its version, in the same statement, and leaves the marks of the versions before it.
 *
 * @param client - the client; its timeouts and attempts apply, and resending is safe
 * @param options - {@link DynamoDbStateStoreOptions}
 * @returns the store
 * @throws TypeError when the table's name is none that DynamoDB allows
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
 */
export function createDynamoDbStateStore(
  client: Pick<DynamoDBClient, 'send'>,
  options: DynamoDbStateStoreOptions,
): StateStore {
  const { table, hierarchy } = options;
  const statements = statementsFor(table);
  return {
    writesMax: STATEMENTS_MAX,
    async write(writes, signal) {
      const command = new BatchExecuteStatementCommand({
        Statements: writes.map((write) => statementOf(write, statements)),
      });
      const answer = await client
        .send(command, { abortSignal: signal })
        .catch((error: unknown) => unavailableUnlessRefused(error));
      if ('code' in answer) {
        return writes.map(() => answer);
      }
      const responses = answer.Responses ?? [];
      if (responses.length !== writes.length) {
        return writes.map(() => incompleteAnswer);
      }
      const answered = writes.map((write, place): AnsweredWrite => {
        const response = responses[place];
        return { write, result: response ? resultOf(response, hierarchy) : incompleteAnswer };
      });
      return readExisting(client, answered, { table, hierarchy, signal });
    },
    keysMax: READ_KEYS_MAX,
    async find(tradeIds, signal) {
      const keys = tradeIds.map((id) => ({ id: { S: id } }));
      const items = await readItems(client, { table, keys, attributes: ['id', ...writerNames], signal });
      return items.map(
        (read): FindWritersResult =>
          read.code === 'found' ? { code: 'found', writers: writersOf(read.item) } : read,
      );
    },
  };
}

/** Statements by the slot of the version's mark. */
interface Statements {
  readonly inserts: readonly string[];
  readonly updates: readonly string[];
}

function statementsFor(table: string): Statements {
  // Names cannot be parameters, so nothing but a name may get into the text.
  if (!/^[A-Za-z0-9_.-]{3,255}$/.test(table)) {
    throw new TypeError('The name of the state table is not valid.');
  }
  const values = ['Version', 'Value', 'Hierarchy', 'Timestamp', 'Dimensions', 'RecordId'];
  return {
    inserts: markNames.map((mark) => {
      const members = [...values, mark, 'id'].map((name) => `'${name}':?`);
      return `INSERT INTO "${table}" VALUE {${members.join(',')}}`;
    }),
    updates: markNames.map((mark) => {
      const assignments = [...values, mark].map((name) => `"${name}"=?`);
      return `UPDATE "${table}" SET ${assignments.join(', ')} WHERE "id"=? AND "Version"<?`;
    }),
  };
}

function statementOf(
  { mode, trade, recordKey, place }: VersionWrite,
  statements: Statements,
): BatchStatementRequest {
  const item = tradeToItem(trade);
  const slot = markSlot(trade.version);
  const Parameters: AttributeValue[] = [
    { N: item.Version },
    { N: item.Value },
    { S: item.Hierarchy },
    { N: item.Timestamp },
    { S: item.Dimensions },
    { S: recordKey },
    { S: appliedMark(item, place) },
    { S: item.id },
  ];
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
  if (error.Code !== undefined && refusalCodes.has(error.Code)) {
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
