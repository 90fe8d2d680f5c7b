import type {
  AttributeValue,
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  BatchWriteItemCommandInput,
  BatchWriteItemCommandOutput,
  KeysAndAttributes,
  WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { sizeOfItem } from '../attribute-values.ts';
import type { SimulatedStore } from '../create-store.ts';
import { type Projection, projectionOf } from '../expressions/projection.ts';
import type { MemberThrottle } from '../store.ts';
import type { Slot } from '../store-table.ts';
import { ValidationFault } from '../validation-fault.ts';
import { deleteOf, type ItemWrite, putOf } from './item-write.ts';
import { slotOfKey } from './places.ts';
import { assertKnown, atOnce, type Prepared } from './request.ts';
import { answered, throughputExceeded } from './service-errors.ts';

const KEYS_MAX = 100;
const WRITES_MAX = 25;
/** What one answer to BatchGetItem carries; the rest is left unprocessed. */
const READ_BYTES_MAX = 16 * 1_024 * 1_024;

type Attributes = Record<string, AttributeValue>;

interface Read {
  readonly table: string;
  readonly slot: Slot;
  readonly key: Attributes;
  readonly project: Projection;
  readonly isConsistent: boolean;
}

/** BatchGetItem: keys that are throttled, or do not fit into the answer, are unprocessed. */
export function prepareBatchGet(
  store: SimulatedStore,
  input: BatchGetItemCommandInput,
): Prepared<BatchGetItemCommandOutput> {
  assertKnown(input, 'RequestItems');
  const requests = input.RequestItems ?? {};
  const reads = Object.entries(requests).flatMap(([table, request]) => readsOf(store, table, request));
  const slots = reads.map(({ slot }) => slot);
  assertMembers(slots, KEYS_MAX);
  return {
    slots,
    members: reads.length,
    begin: (throttle) => atOnce(() => ({ ...answered, ...readAll(store, reads, requests, throttle) })),
  };
}

function readsOf(store: SimulatedStore, table: string, request: KeysAndAttributes): Read[] {
  assertKnown(request, 'Keys', 'ConsistentRead', 'ProjectionExpression', 'ExpressionAttributeNames');
  const project = projectionOf(request);
  return (request.Keys ?? []).map((key) => ({
    table,
    slot: slotOfKey(store, table, key),
    key,
    project,
    isConsistent: request.ConsistentRead === true,
  }));
}

function readAll(
  store: SimulatedStore,
  reads: readonly Read[],
  requests: Readonly<Record<string, KeysAndAttributes>>,
  throttle: MemberThrottle | undefined,
): { Responses: Record<string, Attributes[]>; UnprocessedKeys: Record<string, KeysAndAttributes> } {
  const Responses: Record<string, Attributes[]> = {};
  const unread = new Map<string, Attributes[]>();
  let bytes = 0;
  let throttled = 0;
  for (const [index, { table, slot, key, project, isConsistent }] of reads.entries()) {
    Responses[table] ??= [];
    const isThrottled = throttle?.(index) === true;
    throttled += isThrottled ? 1 : 0;
    const item = isThrottled ? undefined : store.read(slot, isConsistent);
    bytes += item === undefined ? 0 : sizeOfItem(item);
    if (isThrottled || bytes > READ_BYTES_MAX) {
      unread.set(table, [...(unread.get(table) ?? []), key]);
    } else if (item !== undefined) {
      Responses[table].push(project(item));
    }
  }
  if (throttled === reads.length) {
    throw throughputExceeded();
  }
  const unprocessed = [...unread].map(([table, Keys]) => [table, { ...requests[table], Keys }] as const);
  return { Responses, UnprocessedKeys: Object.fromEntries(unprocessed) };
}

interface Write {
  readonly table: string;
  readonly request: WriteRequest;
  readonly write: ItemWrite;
}

/** BatchWriteItem: writes that are throttled, or meet a transaction, are unprocessed. */
export function prepareBatchWrite(
  store: SimulatedStore,
  input: BatchWriteItemCommandInput,
): Prepared<BatchWriteItemCommandOutput> {
  assertKnown(input, 'RequestItems');
  const writes = Object.entries(input.RequestItems ?? {}).flatMap(([table, requests]) =>
    requests.map((request) => ({ table, request, write: writeOf(store, table, request) })),
  );
  const slots = writes.map(({ write }) => write.slot);
  assertMembers(slots, WRITES_MAX);
  return {
    slots,
    members: writes.length,
    begin: (throttle) => atOnce(() => ({ ...answered, UnprocessedItems: writeAll(store, writes, throttle) })),
    conflict: () => ({ ...answered, UnprocessedItems: byTable(writes) }),
  };
}

function writeOf(store: SimulatedStore, TableName: string, request: WriteRequest): ItemWrite {
  assertKnown(request, 'PutRequest', 'DeleteRequest');
  const { PutRequest, DeleteRequest } = request;
  if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
    throw new ValidationFault('A write request has a PutRequest or a DeleteRequest');
  }
  return PutRequest === undefined
    ? deleteOf(store, { TableName, Key: DeleteRequest?.Key })
    : putOf(store, { TableName, Item: PutRequest.Item });
}

function writeAll(
  store: SimulatedStore,
  writes: readonly Write[],
  throttle: MemberThrottle | undefined,
): Record<string, WriteRequest[]> {
  const throttled = writes.map((_, index) => throttle?.(index) === true);
  if (!throttled.includes(false)) {
    throw throughputExceeded();
  }
  const unprocessed = writes.filter(({ write: { slot, itemAfter } }, index) => {
    const isLeft = throttled[index] === true || slot.heldBy !== undefined;
    if (!isLeft) {
      store.write(slot, itemAfter(slot.item));
    }
    return isLeft;
  });
  return byTable(unprocessed);
}

function byTable(writes: readonly Write[]): Record<string, WriteRequest[]> {
  const requests: Record<string, WriteRequest[]> = {};
  for (const { table, request } of writes) {
    requests[table] ??= [];
    requests[table].push(request);
  }
  return requests;
}

function assertMembers(slots: readonly Slot[], max: number): void {
  if (slots.length < 1 || slots.length > max) {
    throw new ValidationFault(`A batch has 1 to ${max} members, not ${slots.length}`);
  }
  if (new Set(slots).size !== slots.length) {
    throw new ValidationFault('Provided list of item keys contains duplicates');
  }
}
