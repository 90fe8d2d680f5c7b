import { FaultProxyError } from './fault-proxy-error.ts';

export interface CapacityUnits {
  readonly read: number;
  readonly write: number;
}

type Json = Readonly<Record<string, unknown>>;

/** A number takes at most this many bytes. */
const NUMBER_BYTES_MAX = 21;
const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;
/** A transaction writes, or on a repeated answer reads, each item at twice the price. */
const TRANSACTION_FACTOR = 2;
/** Operations whose units are of reading where the engine does not say of which kind they are. */
const READS: ReadonlySet<string> = new Set(['GetItem', 'BatchGetItem']);
/** Codes of statements that an item in the table has refused. */
const REFUSALS: ReadonlySet<string> = new Set(['ConditionalCheckFailed', 'DuplicateItem']);

/** Adds up the units that an engine reports for a request. */
export function consumedUnits(operation: string, reply: Json): CapacityUnits {
  const consumed = reply['ConsumedCapacity'];
  const capacities = (Array.isArray(consumed) ? consumed : [consumed]) as (Json | undefined)[];
  let read = 0;
  let write = 0;
  for (const capacity of capacities) {
    const [reads, writes] = [capacity?.['ReadCapacityUnits'], capacity?.['WriteCapacityUnits']];
    if (reads !== undefined || writes !== undefined) {
      read += Number(reads ?? 0);
      write += Number(writes ?? 0);
    } else if (READS.has(operation)) {
      read += Number(capacity?.['CapacityUnits'] ?? 0);
    } else {
      write += Number(capacity?.['CapacityUnits'] ?? 0);
    }
  }
  return { read, write };
}

/**
 * Computes by DynamoDB's rules the units of a request that was answered with success.
 *
 * A write costs a unit for each kilobyte of its item. The size of an item that is updated is taken from what the update
 * writes, numbers at their longest, so that it is right for items that hold nothing else, as all items here do.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function computedUnits(operation: string, request: Json, reply: Json): CapacityUnits {
  switch (operation) {
    case 'PutItem':
      return { read: 0, write: unitsOf(itemBytes(request['Item']), WRITE_UNIT_BYTES) };
    case 'UpdateItem':
      return { read: 0, write: unitsOf(updatedBytes(request), WRITE_UNIT_BYTES) };
    case 'DeleteItem':
      return { read: 0, write: unitsOf(itemBytes(request['Key']), WRITE_UNIT_BYTES) };
    case 'GetItem': {
      const units = unitsOf(itemBytes(reply['Item']), READ_UNIT_BYTES);
      return { read: request['ConsistentRead'] === true ? units : units / 2, write: 0 };
    }
    case 'BatchGetItem':
      return { read: batchReadUnits(request, reply), write: 0 };
    case 'BatchWriteItem':
      return { read: 0, write: batchWriteUnits(request) - batchWriteUnits(reply, 'UnprocessedItems') };
    case 'TransactWriteItems':
      return transactionUnits(request, isReplay(reply));
    case 'BatchExecuteStatement':
      return { read: 0, write: statementUnits(request, reply) };
    default:
      throw new FaultProxyError(`the units of ${operation} are not known`, { code: 'unknown-operation' });
  }
}

/** Says whether a transaction was only answered again: it is charged as a read of its items then. */
export function isReplay(reply: Json): boolean {
  const { read, write } = consumedUnits('TransactWriteItems', reply);
  return write === 0 && read > 0;
}

function transactionUnits(request: Json, replayed: boolean): CapacityUnits {
  let units = 0;
  for (const action of (request['TransactItems'] ?? []) as Json[]) {
    const put = action['Put'] as Json | undefined;
    const other = (action['Update'] ?? action['Delete'] ?? action['ConditionCheck']) as Json | undefined;
    const bytes = put === undefined ? updatedBytes(other ?? {}) : itemBytes(put['Item']);
    units += TRANSACTION_FACTOR * unitsOf(bytes, replayed ? READ_UNIT_BYTES : WRITE_UNIT_BYTES);
  }
  return replayed ? { read: units, write: 0 } : { read: 0, write: units };
}

/** A key that has no item costs as much as a small one. What an expression leaves out of an item is not seen, and counts as nothing. */
function batchReadUnits(request: Json, reply: Json): number {
  const found = (reply['Responses'] ?? {}) as Readonly<Record<string, Json[]>>;
  const unread = (reply['UnprocessedKeys'] ?? {}) as Readonly<Record<string, Json>>;
  let units = 0;
  for (const [table, asked] of Object.entries(
    (request['RequestItems'] ?? {}) as Readonly<Record<string, Json>>,
  )) {
    const items = found[table] ?? [];
    const absent = keysIn(asked) - keysIn(unread[table]) - items.length;
    const ofItems = items.reduce((sum, item) => sum + unitsOf(itemBytes(item), READ_UNIT_BYTES), 0);
    units += (ofItems + absent) / (asked['ConsistentRead'] === true ? 1 : 2);
  }
  return units;
}

function keysIn(asked: Json | undefined): number {
  return ((asked?.['Keys'] ?? []) as Json[]).length;
}

function batchWriteUnits(message: Json, member = 'RequestItems'): number {
  const writes = Object.values((message[member] ?? {}) as Readonly<Record<string, Json[]>>).flat();
  return writes.reduce((sum, { PutRequest: put, DeleteRequest: remove }) => {
    const bytes = itemBytes((put as Json | undefined)?.['Item'] ?? (remove as Json | undefined)?.['Key']);
    return sum + unitsOf(bytes, WRITE_UNIT_BYTES);
  }, 0);
}

/**
 * Statements that write, each with its values as parameters. One whose condition refuses it is charged like one that writes; one
 * that was throttled or found invalid is not.
 */
function statementUnits(request: Json, reply: Json): number {
  const responses = (reply['Responses'] ?? []) as (Json | undefined)[];
  let units = 0;
  for (const [index, statement] of ((request['Statements'] ?? []) as Json[]).entries()) {
    const error = responses[index]?.['Error'] as Json | undefined;
    if (error === undefined || REFUSALS.has(String(error['Code']))) {
      units += unitsOf(statementBytes(statement), WRITE_UNIT_BYTES);
    }
  }
  return units;
}

/** Names and values of the attributes; the key's name is among those that stand in quotation marks. */
function statementBytes(statement: Json): number {
  let bytes = 0;
  for (const value of (statement['Parameters'] ?? []) as Json[]) {
    bytes += valueBytes(value);
  }
  for (const [, name = ''] of String(statement['Statement']).matchAll(/['"](\w+)['"]\s*[:=]\s*\?/g)) {
    bytes += Buffer.byteLength(name);
  }
  return bytes;
}

function unitsOf(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}

function updatedBytes(request: Json): number {
  let bytes = itemBytes(request['Key']) + itemBytes(request['ExpressionAttributeValues']);
  for (const name of Object.values((request['ExpressionAttributeNames'] ?? {}) as Json)) {
    bytes += Buffer.byteLength(String(name));
  }
  return bytes;
}

function itemBytes(item: unknown): number {
  let bytes = 0;
  for (const [name, value] of Object.entries((item ?? {}) as Json)) {
    bytes += Buffer.byteLength(name) + valueBytes(value as Json);
  }
  return bytes;
}

function valueBytes(value: Json): number {
  const [[type, content] = ['', undefined]] = Object.entries(value);
  if (type === 'S') {
    return Buffer.byteLength(String(content));
  }
  if (type === 'N') {
    return NUMBER_BYTES_MAX;
  }
  if (type === 'B') {
    return Buffer.from(String(content), 'base64').length;
  }
  if (type === 'NULL' || type === 'BOOL') {
    return 1;
  }
  // Of documents each element takes a byte, and the document three.
  const elements = type === 'M' ? itemBytes(content) : listBytes(content);
  return 3 + elements + Object.keys((content ?? {}) as object).length;
}

function listBytes(content: unknown): number {
  let bytes = 0;
  for (const element of (content ?? []) as (Json | string)[]) {
    bytes += typeof element === 'string' ? Math.max(Buffer.byteLength(element), 1) : valueBytes(element);
  }
  return bytes;
}
