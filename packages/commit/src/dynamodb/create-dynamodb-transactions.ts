import {
  type AttributeValue,
  type ConsumedCapacity,
  DynamoDBClient,
  IdempotentParameterMismatchException,
  TransactionCanceledException,
  TransactionInProgressException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { assertSendable } from '../assert-sendable.ts';
import { formatCondition } from '../conditions.ts';
import { StrategyError, TransactionRefusedError } from '../errors.ts';
import { formatUpdate, Placeholders } from '../expressions.ts';
import { defaultRetryLimits } from '../retry.ts';
import type {
  Action,
  Condition,
  ConsumedUnits,
  FailedCondition,
  Item,
  TransactionOutcome,
  TransactionPort,
  Update,
} from '../transaction-port.ts';
import { classifyDynamoDbError } from './classify-dynamodb-error.ts';
import { reasonOf } from './refusal-reason.ts';

const CONNECTION_TIMEOUT_MS = 1_000;

/**
 * The transaction port over DynamoDB's TransactWriteItems.
 *
 * @param client - a client with `maxAttempts: 1` and no retry strategy of its own. The SDK's own retries would send a commit
 * again behind the back of the strategy and past its deadline. Default: one that is so, with a timeout of 1 s to connect and 5 s to answer.
 * @returns the port; its first call throws {@link StrategyError} when the client retries by itself
 * @throws {@link StrategyError} when what is given is no client
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function createDynamoDbTransactions(client: DynamoDBClient = createClient()): TransactionPort {
  if (typeof client?.config?.maxAttempts !== 'function') {
    throw new StrategyError('createDynamoDbTransactions: it takes a DynamoDBClient, or nothing');
  }
  return {
    transact: async (request) => {
      await assertUsable(client);
      assertSendable(request);
      assertTimeout(request.timeoutMs);
      // Not AbortSignal.timeout, which takes six times as long, and whose timer runs on when the answer is there.
      const aborting = new AbortController();
      const abortSignal = aborting.signal;
      const timer = setTimeout(() => aborting.abort(timeout()), request.timeoutMs);
      try {
        const command = new TransactWriteItemsCommand({
          TransactItems: request.actions.map(toTransactItem),
          ...(request.token === undefined ? {} : { ClientRequestToken: request.token }),
          ReturnConsumedCapacity: 'TOTAL',
        });
        // The client does not look at the signal while it waits for credentials.
        const output = await Promise.race([client.send(command, { abortSignal }), aborted(abortSignal)]);
        const units = sumUnits(output.ConsumedCapacity ?? []);
        if (units.read === 0 && units.write === 0) {
          return { code: 'unavailable', cause: new Error('the answer has no capacity, which was asked for') };
        }
        // A repeated answer is charged as a read of the items instead of a write.
        return { code: 'committed', replayed: units.write === 0, units };
      } catch (error) {
        return outcomeOf(error, request.actions);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** The port's own timeout is at most the requests' one; these bound what it cannot, such as a connection that never comes. */
function createClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: defaultRetryLimits.requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
}

/** What a timer takes: it would be over at once with any other, and the request be abandoned that may be committed. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

function assertTimeout(timeoutMs: number): void {
  if (!(timeoutMs >= 0 && timeoutMs <= TIMEOUT_MS_MAX)) {
    throw new RangeError(`A request's timeout must be from 0 to ${TIMEOUT_MS_MAX} ms.`);
  }
}

/** As AbortSignal.timeout words it. */
function timeout(): DOMException {
  return new DOMException('The operation was aborted due to timeout', 'TimeoutError');
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

async function assertUsable(client: DynamoDBClient): Promise<void> {
  try {
    await client.config.region?.();
  } catch (cause) {
    throw new StrategyError('the DynamoDB client has no Region: set AWS_REGION, or its option region', {
      cause,
    });
  }
  if ((await client.config.maxAttempts()) !== 1) {
    throw new StrategyError(
      'the DynamoDB client must have maxAttempts 1: commitBatch retries, and knows when to stop',
    );
  }
}

function toTransactItem(action: Action): TransactWriteItem {
  const place = { TableName: action.table };
  switch (action.type) {
    case 'update':
      return toUpdate(action);
    case 'put':
      return {
        Put: {
          ...place,
          Item: { ...action.attributes, ...action.key },
          ...(action.condition === undefined ? {} : toCondition(action.condition)),
        },
      };
    case 'put-if-absent':
      return {
        Put: {
          ...place,
          Item: { ...action.attributes, ...action.key },
          ConditionExpression: 'attribute_not_exists(#key)',
          // assertSendable has seen that a key has one attribute or two.
          ExpressionAttributeNames: { '#key': Object.keys(action.key)[0] as string },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      };
    case 'check':
      return {
        ConditionCheck: { ...place, Key: { ...action.key }, ...toCondition(action.condition) },
      };
    case 'raise':
      return setIf(action, '#attribute < :other', { next: action.to, other: action.below });
    case 'compare-and-set':
      return setIf(action, '#attribute = :other', { next: action.next, other: action.previous });
  }
}

interface ConditionMembers {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
  readonly ReturnValuesOnConditionCheckFailure: 'ALL_OLD';
}

function toCondition(
  condition: Condition,
  placeholders: Placeholders = new Placeholders(),
): ConditionMembers {
  const { names, values } = placeholders;
  return {
    ConditionExpression: formatCondition(condition, placeholders),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

function toUpdate(update: Update): TransactWriteItem {
  const { table, key, condition } = update;
  const placeholders = new Placeholders();
  return {
    Update: {
      TableName: table,
      Key: { ...key },
      UpdateExpression: formatUpdate(update, placeholders),
      ExpressionAttributeNames: placeholders.names,
      ExpressionAttributeValues: placeholders.values,
      ...(condition === undefined ? {} : toCondition(condition, placeholders)),
    },
  };
}

/** Sets the attribute to `next`; a missing item or attribute fails every comparison. */
function setIf(
  action: { readonly table: string; readonly key: Item; readonly attribute: string },
  condition: string,
  { next, other }: { readonly next: string; readonly other: string },
): TransactWriteItem {
  return {
    Update: {
      TableName: action.table,
      Key: { ...action.key },
      UpdateExpression: 'SET #attribute = :next',
      ConditionExpression: condition,
      ExpressionAttributeNames: { '#attribute': action.attribute },
      ExpressionAttributeValues: { ':next': { S: next }, ':other': { S: other } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

function outcomeOf(error: unknown, actions: readonly Action[]): TransactionOutcome {
  if (error instanceof IdempotentParameterMismatchException) {
    return { code: 'token-mismatch' };
  }
  if (error instanceof TransactionInProgressException) {
    return { code: 'in-progress' };
  }
  if (error instanceof TransactionCanceledException) {
    return outcomeOfCancellation(error, actions);
  }
  switch (classifyDynamoDbError(error)) {
    case 'throttled':
      return { code: 'throttled' };
    case 'unavailable':
      return { code: 'unavailable', cause: error };
    case 'refused':
      throw new TransactionRefusedError(
        `DynamoDB refused the request: ${(error as Error).name}, on ${tablesOf(actions)}${reasonOf((error as Error).message)}`,
        { cause: error, key: tablesOf(actions) },
      );
  }
}

function tablesOf(actions: readonly Action[]): string {
  return [...new Set(actions.map(({ table }) => table))].join(', ');
}

const BUSY_REASONS: ReadonlySet<string> = new Set([
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
]);

const REFUSAL_REASONS: ReadonlySet<string> = new Set([
  'ValidationError',
  'ItemCollectionSizeLimitExceeded',
  'AccessDenied',
  'DuplicateItem',
]);

/** Reasons are in the order of the actions, "None" where there was none. */
function outcomeOfCancellation(
  error: TransactionCanceledException,
  actions: readonly Action[],
): TransactionOutcome {
  const failures: FailedCondition[] = [];
  const codes = new Set<string>();
  let refusal: { readonly text: string; readonly table: string | undefined } | undefined;
  for (const [index, reason] of (error.CancellationReasons ?? []).entries()) {
    const code = reason?.Code ?? 'None';
    const action = actions[index];
    codes.add(code);
    if (REFUSAL_REASONS.has(code)) {
      refusal ??= {
        text: `${code}, ${action?.type} on ${action?.table}${reasonOf(reason?.Message)}`,
        table: action?.table,
      };
    }
    if (code === 'ConditionalCheckFailed' && action !== undefined) {
      failures.push(failureOf(action, reason.Item));
    }
  }
  // A condition that failed while another write held an item is asked again once the other is through.
  if (codes.has('TransactionConflict')) {
    return { code: 'conflict' };
  }
  if ([...codes].some((code) => BUSY_REASONS.has(code))) {
    return { code: 'throttled' };
  }
  if (failures.length > 0) {
    return { code: 'condition-failed', failures };
  }
  if (refusal === undefined) {
    return { code: 'unavailable', cause: error };
  }
  throw new TransactionRefusedError(`DynamoDB cancelled the transaction: ${refusal.text}`, {
    cause: error,
    key: refusal.table,
  });
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

/** Keeps the types that the port knows, and names the others: a foreign attribute on an item of ours says nothing to a guard. */
function failureOf(action: Action, attributes: Record<string, AttributeValue> | undefined): FailedCondition {
  if (attributes === undefined) {
    return { action, existing: undefined };
  }
  const existing: Record<string, Item[string]> = {};
  const otherAttributes: string[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (value.S !== undefined) {
      existing[name] = { S: value.S };
    } else if (value.N !== undefined) {
      existing[name] = { N: value.N };
    } else if (value.B !== undefined) {
      existing[name] = { B: value.B };
    } else {
      otherAttributes.push(name);
    }
  }
  return { action, existing, ...(otherAttributes.length === 0 ? {} : { otherAttributes }) };
}
