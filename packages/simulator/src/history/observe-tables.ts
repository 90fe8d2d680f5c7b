import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { SimulatedStore } from '../store/create-store.ts';
import type { AttributeMap } from '../store/store.ts';
import type { EventBody, ObservedItem } from './history.ts';

/** Reads tables, all as they are at this moment, as a transaction would read them. */
export function observeTables(
  store: SimulatedStore,
  names: readonly string[],
  record: (event: EventBody) => void,
): void {
  const tables: Record<string, readonly ObservedItem[]> = {};
  for (const name of names) {
    tables[name] = store.snapshot(name).map(observedItem);
  }
  record({ type: 'observed', tables });
}

/** An item as an observer reads it. */
export function observedItem(item: AttributeMap): ObservedItem {
  const observed: Record<string, string> = {};
  for (const [attribute, value] of Object.entries(item)) {
    observed[attribute] = textOf(value);
  }
  return observed;
}

/** An attribute as text: strings and numbers as they are, bytes in base64, the rest as JSON. */
export function textOf(value: AttributeValue): string {
  if (value.S !== undefined) {
    return value.S;
  }
  if (value.N !== undefined) {
    return value.N;
  }
  if (value.B !== undefined) {
    return btoa(Array.from(value.B, (byte) => String.fromCharCode(byte)).join(''));
  }
  return JSON.stringify(value);
}
