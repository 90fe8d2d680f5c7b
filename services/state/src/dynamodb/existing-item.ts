import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Hierarchy } from '@oncefold/reducer';
import { stateImageOf, tradeFromImage } from '@oncefold/trades';
import { MARKS_MAX } from '../applied-marks.ts';
import type { TradeWriters, WriteResult } from '../state-store.ts';

/** Attributes that hold the marks of a trade, by slot. */
export const markNames: readonly string[] = Array.from({ length: MARKS_MAX }, (_, slot) => `Applied${slot}`);

/**
 * Reads the item because of which an update was refused.
 *
 * Anyone may have written it, so only its version must be readable: an item whose other attributes are those of no
 * trade has a payload that equals no other.
 *
 * @param item - the existing item
 * @param hierarchy - the levels of a trade whose item does not name its own
 * @returns `kept` with what the table holds, or `unreadable`
 */
export function readExistingItem(
  item: Readonly<Record<string, AttributeValue>>,
  hierarchy: Hierarchy,
): Extract<WriteResult, { code: 'kept' | 'unreadable' }> {
  const image = stateImageOf(item);
  const version = Number(image.Version);
  if (!Number.isSafeInteger(version)) {
    return { code: 'unreadable' };
  }
  const read = tradeFromImage(image, hierarchy);
  const trade = read.code === 'valid' ? read.trade : undefined;
  return { code: 'kept', stored: { version, trade, ...writersOf(item) } };
}

/** Attributes of an item that {@link writersOf} needs. */
export const writerNames: readonly string[] = ['RecordId', ...markNames];

/**
 * Reads which records wrote a trade.
 *
 * @param item - the trade's item, or {@link writerNames} of it
 */
export function writersOf(item: Readonly<Record<string, AttributeValue>>): TradeWriters {
  return { recordId: item['RecordId']?.S, marks: markNames.map((name) => item[name]?.S) };
}
