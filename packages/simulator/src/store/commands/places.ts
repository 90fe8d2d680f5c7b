import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { utf8Length } from '@oncefold/reducer';
import type { SimulatedStore } from '../create-store.ts';
import { requestItem } from '../request-values.ts';
import type { AttributeMap } from '../store.ts';
import { KeyFault, type Slot, type StoreTable, slotOf, slotOfItem } from '../store-table.ts';
import { ValidationFault } from '../validation-fault.ts';
import { resourceNotFound } from './service-errors.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const PARTITION_KEY_BYTES_MAX = 2_048;
const SORT_KEY_BYTES_MAX = 1_024;

/** @throws ResourceNotFoundException when there is no such table */
export function tableOf(store: SimulatedStore, name: string | undefined): StoreTable {
  const table = name === undefined ? undefined : store.table(name);
  if (table === undefined) {
    throw resourceNotFound();
  }
  return table;
}

/** The place of a request's key. */
export function slotOfKey(
  store: SimulatedStore,
  tableName: string | undefined,
  key: Record<string, AttributeValue> | undefined,
): Slot {
  const table = tableOf(store, tableName);
  const item = requestItem(key ?? {});
  assertKeyBytes(table, item);
  return orFault(() => slotOf(table, item), 'The provided key element does not match the schema');
}

/** The place of a request's item, by the key among its attributes. */
export function slotOfNewItem(
  store: SimulatedStore,
  tableName: string | undefined,
  item: AttributeMap,
): Slot {
  const table = tableOf(store, tableName);
  assertKeyBytes(table, item);
  return orFault(
    () => slotOfItem(table, item),
    'One or more parameter values were invalid: a key is missing or of another type',
  );
}

function orFault<T>(find: () => T, message: string): T {
  try {
    return find();
  } catch (error) {
    if (error instanceof KeyFault) {
      throw new ValidationFault(message, { cause: error });
    }
    throw error;
  }
}

function assertKeyBytes({ definition }: StoreTable, item: AttributeMap): void {
  for (const [index, name] of definition.key.entries()) {
    const value = item[name];
    const bytes = value?.S === undefined ? (value?.B?.byteLength ?? Number.NaN) : utf8Length(value.S);
    if (bytes === 0) {
      throw new ValidationFault(
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty value',
      );
    }
    if (bytes > (index === 0 ? PARTITION_KEY_BYTES_MAX : SORT_KEY_BYTES_MAX)) {
      throw new ValidationFault(
        'One or more parameter values were invalid: Size of a key has exceeded the maximum size limit',
      );
    }
  }
}
