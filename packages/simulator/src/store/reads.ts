import type { Item, ItemKey } from '@oncefold/commit';
import { atOnce, requestOf } from './commands/request.ts';
import type { SimulatedStore } from './create-store.ts';
import { SimulatedStoreError } from './simulated-store-error.ts';
import type { AttributeMap, StoreRequest } from './store.ts';
import { itemAt } from './store-table.ts';

/** One request of the reader of `@oncefold/commit`: items of one table, consistently, undefined where there is none. */
export function readRequest(
  store: SimulatedStore,
  keys: readonly ItemKey[],
): StoreRequest<readonly (Item | undefined)[]> {
  return requestOf(`BatchGetItem, ${keys.length} keys`, () => ({
    slots: [],
    begin: () => atOnce(() => keys.map(({ table, key }) => readItem(store, table, key as AttributeMap))),
  }));
}

function readItem(store: SimulatedStore, name: string, key: AttributeMap): Item | undefined {
  const table = store.table(name);
  if (table === undefined) {
    throw new SimulatedStoreError(`The simulated store has no table ${name}.`);
  }
  return itemAt(table, key) as Item | undefined;
}
