import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Hierarchy, stateImageOf, tradeFromImage } from '@oncefold/reducer';
import type { WriteResult } from '../state-store.ts';

/**
 * Reads the item that stood in the way of an update.
 *
 * Anyone may have written it, so only its version must be readable: an item whose other attributes are those of no
 * trade has a payload that equals no other.
 *
 * @param item - the item as it stands
 * @param hierarchy - the levels that each trade must have
 * @returns `kept` with what stands, or `unreadable`
 */
export function refusedBy(
  item: Readonly<Record<string, AttributeValue>>,
  hierarchy: Hierarchy,
): Extract<WriteResult, { code: 'kept' | 'unreadable' }> {
  const image = stateImageOf(item);
  const version = Number(image.Version);
  if (!Number.isSafeInteger(version)) return { code: 'unreadable' };
  const read = tradeFromImage(image, hierarchy);
  const trade = read.code === 'valid' ? read.trade : undefined;
  return { code: 'kept', stored: { version, recordId: item['RecordId']?.S, trade } };
}
