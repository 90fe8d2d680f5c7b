import {
  type AttributeValue,
  type ConsumedCapacity,
  type DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  IdempotentParameterMismatchException,
  TransactionCanceledException,
  TransactionInProgressException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { StrategyError, TransactionRefusedError } from '../errors.ts';
import type {
  Action,
  ConsumedUnits,
  FailedCondition,
  Item,
  TransactionOutcome,
  TransactionPort,
} from '../transaction-port.ts';

/**
 * The transaction port over DynamoDB's TransactWriteItems and a consistent GetItem.
 *
 * @param client - a client with `maxAttempts: 1`. The SDK's own retries would send a commit again behind the back of the
 * strategy and past its deadline.
 * @returns the port; its first call throws {@link StrategyError} when the client retries by itself.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function createDynamoDbTransactions(client: DynamoDBClient): TransactionPort {
  return {
    transact: async (request) => {
      await assertSingleAttempt(client);
      try {
        const output = await client.send(
          new TransactWriteItemsCommand({
            TransactItems: request.actions.map(toTransactItem),
            ...(request.token === undefined ? {} : { ClientRequestToken: request.token }),
            ReturnConsumedCapacity: 'TOTAL',
          }),
          { abortSignal: AbortSignal.timeout(request.timeoutMs) },
        );
        const units = sumUnits(output.ConsumedCapacity ?? []);
        // A repeated answer is charged as a read of the items instead of a write.
        return { code: 'committed', replayed: units.write === 0 && units.read > 0, units };
      } catch (error) {
        return transactionOutcomeOf(error, request.actions);
      }
    },
    read: async ({ table, key, timeoutMs }) => {
      await assertSingleAttempt(client);
      try {
        const output = await client.send(
          new GetItemCommand({ TableName: table, Key: toAttributes(key), ConsistentRead: true }),
          { abortSignal: AbortSignal.timeout(timeoutMs) },
        );
        return output.Item === undefined
          ? { code: 'absent' }
          : { code: 'found', item: fromAttributes(output.Item) };
      } catch (error) {
        return outcomeOfFailure(error);
      }
    },
  };
}

async function assertSingleAttempt(client: DynamoDBClient): Promise<void> {
  if ((await client.config.maxAttempts()) !== 1) {
    throw new StrategyError(
      'the DynamoDB client must have maxAttempts 1: commitBatch retries, and knows when to stop',
    );
  }
}

function toTransactItem(action: Action): TransactWriteItem {
  const place = { TableName: action.table };
  const keyName = Object.keys(action.key)[0] ?? '';
  switch (action.type) {
    case 'increment':
      return {
        Update: {
          ...place,
          Key: toAttributes(action.key),
          UpdateExpression: 'ADD #attribute :by',
          ExpressionAttributeNames: { '#attribute': action.attribute },
          ExpressionAttributeValues: { ':by': { N: action.by } },
        },
      };
    case 'put':
      return { Put: { ...place, Item: toAttributes({ ...action.attributes, ...action.key }) } };
    case 'put-if-absent':
      return {
        Put: {
          ...place,
          Item: toAttributes({ ...action.attributes, ...action.key }),
          ConditionExpression: 'attribute_not_exists(#key)',
          ExpressionAttributeNames: { '#key': keyName },
        },
      };
    case 'compare-and-set':
      return {
        Update: {
          ...place,
          Key: toAttributes(action.key),
          UpdateExpression: 'SET #attribute = :next',
          ConditionExpression:
            action.previous === undefined ? 'attribute_not_exists(#key)' : '#attribute = :previous',
          ExpressionAttributeNames: {
            '#attribute': action.attribute,
            ...(action.previous === undefined ? { '#key': keyName } : {}),
          },
          ExpressionAttributeValues: {
            ':next': { S: action.next },
            ...(action.previous === undefined ? {} : { ':previous': { S: action.previous } }),
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      };
  }
}

function transactionOutcomeOf(error: unknown, actions: readonly Action[]): TransactionOutcome {
  if (error instanceof IdempotentParameterMismatchException) return { code: 'token-mismatch' };
  if (error instanceof TransactionInProgressException) return { code: 'in-progress' };
  if (error instanceof TransactionCanceledException) return outcomeOfCancellation(error, actions);
  return outcomeOfFailure(error);
}

const BUSY_REASONS: ReadonlySet<string> = new Set([
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
]);

/** Reasons stand in the order of the actions, "None" where there was none. */
function outcomeOfCancellation(
  error: TransactionCanceledException,
  actions: readonly Action[],
): TransactionOutcome {
  const failures: FailedCondition[] = [];
  let isConflict = false;
  let isBusy = false;
  for (const [index, reason] of (error.CancellationReasons ?? []).entries()) {
    const code = reason.Code ?? 'None';
    const action = actions[index];
    if (code === 'None') continue;
    if (code === 'TransactionConflict') isConflict = true;
    else if (BUSY_REASONS.has(code)) isBusy = true;
    else if (code === 'ConditionalCheckFailed' && action !== undefined) {
      failures.push({
        action,
        standing: reason.Item === undefined ? undefined : fromAttributes(reason.Item),
      });
    } else throw new TransactionRefusedError(`DynamoDB cancelled the transaction: ${code}`, { cause: error });
  }
  // A condition that failed while another write held an item is asked again once the other is through.
  if (isConflict) return { code: 'conflict' };
  if (isBusy) return { code: 'throttled' };
  if (failures.length > 0) return { code: 'condition-failed', failures };
  throw new TransactionRefusedError('DynamoDB cancelled the transaction without a reason', { cause: error });
}

const THROTTLES: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TooManyRequestsException',
]);

function outcomeOfFailure(
  error: unknown,
): { readonly code: 'throttled' } | { readonly code: 'unavailable'; readonly cause: unknown } {
  if (error instanceof DynamoDBServiceException) {
    if (THROTTLES.has(error.name)) return { code: 'throttled' };
    if (error.$fault === 'server' || (error.$metadata.httpStatusCode ?? 0) >= 500)
      return { code: 'unavailable', cause: error };
    throw new TransactionRefusedError(`DynamoDB refused the request: ${error.name}`, { cause: error });
  }
  if (isTransport(error)) return { code: 'unavailable', cause: error };
  throw error;
}

/** Errors of the connection or of our own timeout; anything else is a fault of the program and must be seen. */
function isTransport(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return true;
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(E[A-Z]+|ERR_(STREAM|SOCKET|HTTP2)_\w+)$/.test(code);
}

function sumUnits(capacities: readonly ConsumedCapacity[]): ConsumedUnits {
  let read = 0;
  let write = 0;
  for (const capacity of capacities) {
    read += capacity.ReadCapacityUnits ?? 0;
    write += capacity.WriteCapacityUnits ?? 0;
  }
  return { read, write };
}

function toAttributes(item: Item): Record<string, AttributeValue> {
  return { ...item };
}

/** Keeps the types that the port knows; a foreign attribute on an item of ours says nothing to a guard. */
function fromAttributes(attributes: Record<string, AttributeValue>): Item {
  const item: Record<string, Item[string]> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value.S !== undefined) item[name] = { S: value.S };
    else if (value.N !== undefined) item[name] = { N: value.N };
    else if (value.B !== undefined) item[name] = { B: value.B };
  }
  return item;
}
