import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { canonicalNumber } from './attribute-values.ts';
import type { AttributeMap, TableDefinition } from './store.ts';

/** The place of one item: the item that is there, if any, and the transaction that holds it. */
export interface Slot {
  readonly table: StoreTable;
  readonly keyText: string;
  /** Where the place is in the order of a scan. */
  readonly hash: number;
  readonly key: AttributeMap;
  item: AttributeMap | undefined;
  /** The running transaction that has the item; undefined: it is free. */
  heldBy: object | undefined;
  /** Former items, oldest first, where eventual reads need them. */
  former: FormerItem[] | undefined;
}

/** An item as it was until it was written. */
export interface FormerItem {
  readonly untilMs: number;
  readonly item: AttributeMap | undefined;
}

/** A table and its places. */
export interface StoreTable {
  readonly definition: TableDefinition;
  /** Types of the key attributes; undefined until the first key says them. */
  keyTypes: readonly KeyType[] | undefined;
  readonly slots: Map<string, Slot>;
}

export type KeyType = 'S' | 'N' | 'B';

/** A key that is not of the table's schema: DynamoDB refuses the request. */
export class KeyFault extends Error {
  override readonly name = 'KeyFault';
}

/**
 * Finds the place of a key, and makes it where there is none.
 *
 * @param attributes - the key alone
 * @throws {@link KeyFault} when the key is not of the table's schema
 */
export function slotOf(table: StoreTable, attributes: AttributeMap): Slot {
  const [partitionKey, sortKey] = table.definition.key;
  const length = sortKey === undefined ? 1 : 2;
  if (Object.keys(attributes).length !== length) {
    throw keyFault(table, attributes);
  }
  return slotOfItem(table, attributes, partitionKey, sortKey);
}

/**
 * Finds the place of an item by the key attributes among its attributes, and makes it where there is none.
 *
 * @throws {@link KeyFault} when a key attribute is missing or has another type than in the table
 */
export function slotOfItem(
  table: StoreTable,
  attributes: AttributeMap,
  partitionKey: string = table.definition.key[0],
  sortKey: string | undefined = table.definition.key[1],
): Slot {
  const partition = attributes[partitionKey];
  const sort = sortKey === undefined ? undefined : attributes[sortKey];
  const types = table.keyTypes ?? typesOf(table, attributes);
  if (typeOf(partition) !== types[0] || (sortKey !== undefined && typeOf(sort) !== types[1])) {
    throw keyFault(table, attributes);
  }
  table.keyTypes = types;
  const keyText = keyTextOf(partition as AttributeValue, sort);
  const slot = table.slots.get(keyText);
  if (slot !== undefined) {
    return slot;
  }
  const key: Record<string, AttributeValue> = { [partitionKey]: canonical(partition as AttributeValue) };
  if (sortKey !== undefined) {
    key[sortKey] = canonical(sort as AttributeValue);
  }
  const made: Slot = {
    table,
    keyText,
    hash: hashOf(keyText),
    key,
    item: undefined,
    heldBy: undefined,
    former: undefined,
  };
  table.slots.set(keyText, made);
  return made;
}

/** The item of a key; it makes no place, so that one can look for many that are nowhere. */
export function itemAt(table: StoreTable, key: AttributeMap): AttributeMap | undefined {
  const [partitionKey, sortKey] = table.definition.key;
  const sort = sortKey === undefined ? undefined : key[sortKey];
  return table.slots.get(keyTextOf(key[partitionKey] as AttributeValue, sort))?.item;
}

function keyTextOf(partition: AttributeValue, sort: AttributeValue | undefined): string {
  const text = textOf(partition);
  return sort === undefined ? text : `${text.length}:${text}/${textOf(sort)}`;
}

/** The name of a place for people: table and key. */
export function nameOf({ table, keyText }: Slot): string {
  return `${table.definition.name}/${keyText}`;
}

function typesOf(table: StoreTable, attributes: AttributeMap): readonly KeyType[] {
  return table.definition.key.map((name) => {
    const type = typeOf(attributes[name]);
    if (type === undefined) {
      throw keyFault(table, attributes);
    }
    return type;
  });
}

function typeOf(value: AttributeValue | undefined): KeyType | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (value.S !== undefined) {
    return 'S';
  }
  if (value.N !== undefined) {
    return 'N';
  }
  return value.B === undefined ? undefined : 'B';
}

function canonical(value: AttributeValue): AttributeValue {
  return value.N === undefined ? value : { N: canonicalNumber(value.N) };
}

function textOf(value: AttributeValue): string {
  if (value.S !== undefined) {
    return value.S;
  }
  if (value.N !== undefined) {
    return canonicalNumber(value.N);
  }
  return Array.from(value.B ?? [], (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function keyFault(table: StoreTable, attributes: AttributeMap): KeyFault {
  const { name, key } = table.definition;
  const isWanted = key.map((attribute, index) => `${attribute} (${table.keyTypes?.[index] ?? 'S, N or B'})`);
  const is = Object.keys(attributes)
    .sort()
    .map((attribute) => `${attribute} (${typeOf(attributes[attribute])})`);
  return new KeyFault(`the key of ${name} is ${isWanted.join(', ')}, not ${is.join(', ')}`);
}

/** FNV-1a; of two keys with one hash the first that was used is the first. */
function hashOf(keyText: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < keyText.length; index += 1) {
    hash = Math.imul(hash ^ keyText.charCodeAt(index), 0x01000193);
  }
  return Math.imul(hash ^ (hash >>> 15), 0x21f0aaad) >>> 0;
}
