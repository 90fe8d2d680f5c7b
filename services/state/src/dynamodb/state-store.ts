import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type BatchStatementResponse,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { type Hierarchy, tradeToItem } from '@oncefold/reducer';
import { StoreError } from '../errors.ts';
import type { StateStore, VersionWrite, WriteResult } from '../state-store.ts';
import { isTransient } from './is-transient.ts';
import { readStanding } from './read-standing.ts';
import { refusedBy } from './refused-by.ts';

/** DynamoDB's own limit of statements in a request. */
const STATEMENTS_MAX = 25;

/** Codes of a statement's error after which the statement may be sent again. */
const transientCodes: ReadonlySet<string> = new Set([
  'InternalServerError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'ThrottlingError',
  'TransactionConflict',
]);

/** Options of {@link createDynamoDbStateStore}. */
export interface DynamoDbStateStoreOptions {
  /** Name of the table. */
  readonly table: string;
  /** For reading back what stands. */
  readonly hierarchy: Hierarchy;
}

/**
 * The state table in DynamoDB, by PartiQL in batches: many conditional writes share one request.
 *
 * An insert is refused where an item stands, but does not say which; an update is refused where none stands or its
 * version is not lower, and returns what stands. Write units are those of single requests.
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
  const statements = statementsFor(options.table);
  return {
    writesMax: STATEMENTS_MAX,
    async write(writes, signal) {
      const command = new BatchExecuteStatementCommand({
        Statements: writes.map((write) => statementOf(write, statements)),
      });
      try {
        const { Responses = [] } = await client.send(command, { abortSignal: signal });
        if (Responses.length !== writes.length) {
          throw new StoreError('DynamoDB answered fewer statements than it got.');
        }
        const results = Responses.map((response) => resultOf(response, options.hierarchy));
        return await readStanding(client, { ...options, writes, results, signal });
      } catch (error) {
        if (!isTransient(error)) throw error;
        return writes.map(() => ({ code: 'unavailable', reason: error.name }));
      }
    },
  };
}

interface Statements {
  readonly insert: string;
  readonly update: string;
}

function statementsFor(table: string): Statements {
  // Names cannot be parameters, so nothing but a name may get into the text.
  if (!/^[A-Za-z0-9_.-]{3,255}$/.test(table))
    throw new TypeError('The name of the state table is not valid.');
  return {
    insert: `INSERT INTO "${table}" VALUE {'Version':?,'Value':?,'Hierarchy':?,'Timestamp':?,'RecordId':?,'id':?}`,
    update: `UPDATE "${table}" SET "Version"=?, "Value"=?, "Hierarchy"=?, "Timestamp"=?, "RecordId"=? WHERE "id"=? AND "Version"<?`,
  };
}

function statementOf(write: VersionWrite, statements: Statements): BatchStatementRequest {
  const item = tradeToItem(write.trade);
  const Parameters: AttributeValue[] = [
    { N: item.Version },
    { N: item.Value },
    { S: item.Hierarchy },
    { N: item.Timestamp },
    { S: write.recordId },
    { S: item.id },
  ];
  if (write.mode === 'insert') return { Statement: statements.insert, Parameters };
  Parameters.push({ N: item.Version });
  return { Statement: statements.update, Parameters, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
}

function resultOf(response: BatchStatementResponse, hierarchy: Hierarchy): WriteResult {
  const error = response.Error;
  if (error === undefined) return { code: 'written' };
  if (error.Code === 'DuplicateItem') return { code: 'exists' };
  if (error.Code === 'ConditionalCheckFailed') {
    return error.Item === undefined ? { code: 'absent' } : refusedBy(error.Item, hierarchy);
  }
  if (error.Code !== undefined && transientCodes.has(error.Code)) {
    return { code: 'unavailable', reason: error.Code };
  }
  throw new StoreError(`DynamoDB refused a statement: ${error.Code ?? 'without a code'}.`);
}
