import type { Hierarchy } from '@oncefold/reducer';
import { stateImageOf, tradeFromImage } from '@oncefold/trades';
import type { Item } from '@oncefold/versioned-upsert';
import type { StoredVersion, TradeWriters } from '../state-store.ts';
import { HISTORY_MAX } from '../version-history.ts';

/** Attributes that hold the history of a trade, by slot. */
export const historyAttributes: readonly string[] = Array.from(
  { length: HISTORY_MAX },
  (_, slot) => `Applied${slot}`,
);

/** Attributes of an item that {@link writersOf} needs. */
export const writerAttributes: readonly string[] = ['RecordId', ...historyAttributes];

/** Reads which records wrote a trade. */
export function writersOf(item: Item): TradeWriters {
  return { recordId: item['RecordId']?.S, history: historyAttributes.map((name) => item[name]?.S) };
}

/**
 * Reads the item because of which an update was refused.
 *
 * Any program may have written it, so only its version must be readable: an item whose other attributes are those of no
 * trade has a payload that equals no other.
 *
 * @returns undefined where it has no version that could be compared
 */
export function readExistingItem(item: Item, hierarchy: Hierarchy): StoredVersion | undefined {
  const image = stateImageOf(item);
  const version = Number(image.Version);
  if (!Number.isSafeInteger(version)) {
    return undefined;
  }
  const read = tradeFromImage(image, hierarchy);
  const trade = read.code === 'valid' ? read.trade : undefined;
  return { version, trade, ...writersOf(item) };
}
