import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementError,
  type BatchStatementResponse,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../item-form.ts';
import type { WriteMode, WriteResult } from '../upsert-in-order.ts';
import { type ReadItem, readItems } from './read-items.ts';
import { incompleteAnswer, isAboutRequest, StoreError, unavailableUnlessRefused } from './unavailable.ts';

/** DynamoDB's own limit of statements in a request. */
export const STATEMENTS_MAX = 25;

/** Codes that refuse a statement whatever it holds: they are about the table and the function's rights. */
const REFUSALS: ReadonlySet<string> = new Set(['AccessDenied', 'ResourceNotFound', 'ValidationError']);

/** One conditional write in PartiQL. */
export interface ConditionalStatement {
  /** `insert`: an INSERT; `update`: an UPDATE whose condition compares the version. */
  readonly mode: WriteMode;
  readonly key: Item;
  readonly statement: string;
  readonly parameters: readonly AttributeValue[];
}

/** How {@link writeConditionally} writes. */
export interface ConditionalWriteOptions<Existing> {
  readonly table: string;
  /**
   * Reads the item because of which an update was refused. Any program may have written it.
   *
   * @returns undefined where its version cannot be compared
   */
  readonly readExisting: (item: Item) => Existing | undefined;
  /** Says whether an existing item has a lower version than the statement at this place. */
  readonly isLower: (existing: Existing, index: number) => boolean;
  readonly signal: AbortSignal;
}

/** Makes a table's name fit for a statement, in which names cannot be parameters. */
export function assertTableName(table: string): void {
  if (!/^[A-Za-z0-9_.-]{3,255}$/.test(table)) {
    throw new TypeError('The name of the table is not valid: 3 to 255 letters, digits, _, - and full stops.');
  }
}

/**
 * Sends conditional writes of different items as one request; each is decided alone.
 *
 * An insert is refused where there is an item, but does not say which; an update is refused where there is none or its
 * version is not lower, and returns the existing item. Write units are those of single requests.
 *
 * @param client - it may retry by itself: a write that is done twice is refused the second time
 * @param writes - 1 to {@link STATEMENTS_MAX}
 * @returns one result per write, in their order; `unwritable` where DynamoDB cannot read the write, which is found by sending halves
 * @throws {@link StoreError}, or what the SDK threw, when DynamoDB refuses the request or a statement whatever it holds
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
 */
export async function writeConditionally<Existing>(
  client: Pick<DynamoDBClient, 'send'>,
  writes: readonly ConditionalStatement[],
  options: ConditionalWriteOptions<Existing>,
): Promise<readonly WriteResult<Existing>[]> {
  const items = new Set(writes.map(({ key }) => JSON.stringify(Object.values(key))));
  if (writes.length > STATEMENTS_MAX || items.size < writes.length) {
    throw new StoreError(`A request writes at most ${STATEMENTS_MAX} items, each once.`);
  }
  const command = new BatchExecuteStatementCommand({
    Statements: writes.map(({ mode, statement, parameters }) => ({
      Statement: statement,
      Parameters: [...parameters],
      ...(mode === 'update' && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    })),
  });
  const answer = await client
    .send(command, { abortSignal: options.signal })
    .catch((error: unknown) =>
      isAboutRequest(error) ? ('refused' as const) : unavailableUnlessRefused(error),
    );
  if (answer === 'refused') {
    return writeHalves(client, writes, options);
  }
  if ('code' in answer) {
    return writes.map(() => answer);
  }
  const responses = answer.Responses ?? [];
  if (responses.length !== writes.length) {
    return writes.map(() => incompleteAnswer);
  }
  const results = responses.map((response) => resultOf(response, options));
  return confirmAbsent(client, writes, results, options);
}

/**
 * Finds the write because of which a request is refused: one that DynamoDB cannot even read refuses all beside it, at each delivery.
 * For the {@link STATEMENTS_MAX} writes of a request that is 48 more requests at most.
 */
async function writeHalves<Existing>(
  client: Pick<DynamoDBClient, 'send'>,
  writes: readonly ConditionalStatement[],
  options: ConditionalWriteOptions<Existing>,
): Promise<readonly WriteResult<Existing>[]> {
  if (writes.length <= 1) {
    return writes.map(() => ({ code: 'unwritable' }));
  }
  const middle = Math.ceil(writes.length / 2);
  const { isLower } = options;
  return [
    ...(await writeConditionally(client, writes.slice(0, middle), options)),
    ...(await writeConditionally(client, writes.slice(middle), {
      ...options,
      isLower: (existing, index) => isLower(existing, middle + index),
    })),
  ];
}

function resultOf<Existing>(
  { Error: error }: BatchStatementResponse,
  { readExisting }: ConditionalWriteOptions<Existing>,
): WriteResult<Existing> {
  if (error === undefined) {
    return { code: 'written' };
  }
  if (error.Code === 'DuplicateItem') {
    return { code: 'exists' };
  }
  if (error.Code === 'ConditionalCheckFailed') {
    return error.Item === undefined ? { code: 'absent' } : keptOrUnreadable(readExisting(error.Item));
  }
  if (isAboutContent(error)) {
    return { code: 'unwritable' };
  }
  if (error.Code !== undefined && REFUSALS.has(error.Code)) {
    throw new StoreError(`DynamoDB refused a statement: ${error.Code}.`);
  }
  return { code: 'unavailable', reason: error.Code ?? 'UnknownError' };
}

function keptOrUnreadable<Existing>(
  existing: Existing | undefined,
): Extract<WriteResult<Existing>, { code: 'kept' | 'unreadable' }> {
  return existing === undefined ? { code: 'unreadable' } : { code: 'kept', existing };
}

/**
 * An item that others have filled up, or a value that is no key of an index, must not stop the other items of the
 * shard: the version is quarantined.
 */
function isAboutContent({ Code, Message }: BatchStatementError): boolean {
  if (Code === 'ItemCollectionSizeLimitExceeded') {
    return true;
  }
  return Code === 'ValidationError' && /\b(?:size|index)\b/i.test(Message ?? '');
}

/**
 * Looks whether items are really absent where an update was refused and no item was returned.
 *
 * DynamoDB returns the existing item, so this asks for nothing on AWS unless an item has just been removed.
 * Engines that never return it (dynoxide) would otherwise make every refused update look like a missing item.
 *
 * @returns the results, in which `absent` is now certain at the time of a consistent read
 */
async function confirmAbsent<Existing>(
  client: Pick<DynamoDBClient, 'send'>,
  writes: readonly ConditionalStatement[],
  results: readonly WriteResult<Existing>[],
  options: ConditionalWriteOptions<Existing>,
): Promise<readonly WriteResult<Existing>[]> {
  const absent = writes.filter((_write, index) => results[index]?.code === 'absent');
  if (absent.length === 0) {
    return results;
  }
  const { table, signal } = options;
  const items = await readItems(client, { table, keys: absent.map(({ key }) => key), signal });
  const reads = new Map(absent.map((write, index) => [write, items[index]]));
  return results.map((result, index) => {
    const read = reads.get(writes[index] as ConditionalStatement);
    return read === undefined ? result : readResultOf(read, index, options);
  });
}

function readResultOf<Existing>(
  read: ReadItem,
  index: number,
  { readExisting, isLower }: ConditionalWriteOptions<Existing>,
): WriteResult<Existing> {
  if (read.code !== 'found') {
    return read;
  }
  const result = keptOrUnreadable(readExisting(read.item));
  // It was written between the update and the read; the update is due again.
  if (result.code === 'kept' && isLower(result.existing, index)) {
    return { code: 'exists' };
  }
  return result;
}
