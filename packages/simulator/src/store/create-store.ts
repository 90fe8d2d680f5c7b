import { isSame } from './attribute-values.ts';
import { SimulatedStoreError } from './simulated-store-error.ts';
import type { AttributeMap, ItemChange, TableDefinition } from './store.ts';
import { type FormerItem, type Slot, type StoreTable, slotOf } from './store-table.ts';

/** Most former items that the store keeps of one item; an eventual read does not see further back. */
const FORMER_ITEMS_MAX = 8;

/** Items whose time to live was over so long ago are not deleted. */
const EXPIRED_SECONDS_MAX = 5 * 365 * 86_400;

export interface StoreOptions {
  readonly tables: readonly TableDefinition[];
  /** Milliseconds since the epoch; decides when a token's window is over, and what an eventual read sees. */
  readonly now: () => number;
  /** Called for each item that has become another one, in the order of the writes, at the moment of their commit. */
  readonly onChange?: (change: ItemChange) => void;
  /** How many milliseconds the next eventual read is behind; absent: none is. */
  readonly readsBehindMs?: () => number;
  /** Most items of the next page of a scan; absent: as many as fit. */
  readonly pageItemsMax?: () => number;
}

/** What a client request token was used for. */
export interface TokenUse {
  /** What was asked for. */
  readonly content: unknown;
  /** When its first request was completed; undefined: it is being processed. */
  completedAtMs: number | undefined;
}

/** Tables and items with DynamoDB's rules; everything else is in the dialects of its clients. */
export interface SimulatedStore {
  /** A consistent read by an observer: it takes no part in transactions, and its result must not be changed. */
  get(table: string, key: AttributeMap): AttributeMap | undefined;
  /** All items of a table at this moment, in the order in which their keys were first used. */
  snapshot(table: string): readonly AttributeMap[];
  /**
   * Deletes the items whose time to live is over, but for those that a transaction holds.
   *
   * @param nowSeconds - seconds since the epoch
   * @returns how many were deleted
   */
  expire(nowSeconds: number): number;
  readonly now: () => number;
  /** Most items of the next page of a scan; undefined: as many as fit. */
  readonly pageItemsMax: (() => number) | undefined;
  /** For the dialects. */
  readonly tokens: Map<unknown, TokenUse>;
  /** For the dialects: a table by its name, undefined where there is none. */
  table(name: string): StoreTable | undefined;
  /** For the dialects: the item as a consistent or an eventual read sees it. */
  read(slot: Slot, isConsistent: boolean): AttributeMap | undefined;
  /** For the dialects: replaces an item. Nobody is told where it is as before. */
  write(slot: Slot, item: AttributeMap | undefined): void;
}

/**
 * A store in memory with DynamoDB's semantics, for one simulated history: no clock, no randomness, nothing asynchronous.
 *
 * Requests reach it through a dialect: `transactionRequest` for the port of `@oncefold/commit`, `commandRequest` for commands of
 * the AWS SDK. Items are never changed in place.
 */
export function createStore(options: StoreOptions): SimulatedStore {
  const { now, onChange, readsBehindMs } = options;
  const tables = new Map<string, StoreTable>();
  for (const definition of options.tables) {
    tables.set(definition.name, { definition, keyTypes: definition.keyTypes, slots: new Map() });
  }

  const write = (slot: Slot, item: AttributeMap | undefined, isExpiry = false): void => {
    const before = slot.item;
    if (isSame(before, item)) {
      return;
    }
    slot.item = item;
    if (readsBehindMs !== undefined) {
      keepFormer(slot, { untilMs: now(), item: before });
    }
    onChange?.({
      table: slot.table.definition,
      key: slot.key,
      oldImage: before,
      newImage: item,
      isExpiry,
    });
  };
  const known = (name: string): StoreTable => {
    const table = tables.get(name);
    if (table === undefined) {
      throw new SimulatedStoreError(`The simulated store has no table ${name}.`);
    }
    return table;
  };

  return {
    now,
    pageItemsMax: options.pageItemsMax,
    tokens: new Map(),
    table: (name) => tables.get(name),
    write,
    read: (slot, isConsistent) =>
      isConsistent || readsBehindMs === undefined ? slot.item : itemAt(slot, now() - readsBehindMs()),
    get: (table, key) => slotOf(known(table), key).item,
    snapshot: (table) => itemsOf(known(table)),
    expire: (nowSeconds) => {
      let count = 0;
      for (const table of tables.values()) {
        for (const slot of expiredSlots(table, nowSeconds)) {
          write(slot, undefined, true);
          count += 1;
        }
      }
      return count;
    },
  };
}

function keepFormer(slot: Slot, former: FormerItem): void {
  slot.former ??= [];
  slot.former.push(former);
  if (slot.former.length > FORMER_ITEMS_MAX) {
    slot.former.shift();
  }
}

function itemAt(slot: Slot, timeMs: number): AttributeMap | undefined {
  for (const former of slot.former ?? []) {
    if (former.untilMs > timeMs) {
      return former.item;
    }
  }
  return slot.item;
}

function itemsOf(table: StoreTable): AttributeMap[] {
  const items: AttributeMap[] = [];
  for (const { item } of table.slots.values()) {
    if (item !== undefined) {
      items.push(item);
    }
  }
  return items;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html */
function expiredSlots({ definition, slots }: StoreTable, nowSeconds: number): Slot[] {
  const attribute = definition.timeToLive;
  if (attribute === undefined) {
    return [];
  }
  return [...slots.values()].filter(({ item, heldBy }) => {
    const text = item?.[attribute]?.N;
    const endsAt = text === undefined ? Number.NaN : Number(text);
    return heldBy === undefined && endsAt < nowSeconds && endsAt > nowSeconds - EXPIRED_SECONDS_MAX;
  });
}
