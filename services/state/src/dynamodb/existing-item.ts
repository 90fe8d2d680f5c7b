import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Hierarchy } from '@oncefold/reducer';
import { stateImageOf, tradeFromImage } from '@oncefold/trades';
import type { TradeWriters, VersionWrite, WriteResult } from '../state-store.ts';
import { HISTORY_MAX } from '../version-history.ts';
import { type ReadItem, readItems } from './read-items.ts';

type Item = Readonly<Record<string, AttributeValue>>;

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
 */
export function readExistingItem(
  item: Item,
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

/** A write, and what the store said about it. */
export interface AnsweredWrite {
  readonly write: VersionWrite;
  readonly result: WriteResult;
}

/**
 * Looks whether items are really absent where an update was refused and no item was returned.
 *
 * DynamoDB returns the existing item, so this asks for nothing on AWS unless a trade has just been removed.
 * Engines that never return it (dynoxide) would otherwise make every refused update look like a missing item.
 *
 * @returns the results, in which `absent` is now certain at the time of a consistent read
 */
export async function confirmAbsent(
  client: Pick<DynamoDBClient, 'send'>,
  answered: readonly AnsweredWrite[],
  options: { readonly table: string; readonly hierarchy: Hierarchy; readonly signal: AbortSignal },
): Promise<readonly WriteResult[]> {
  const { table, hierarchy, signal } = options;
  const absent = answered.filter(({ result }) => result.code === 'absent');
  if (absent.length === 0) {
    return answered.map(({ result }) => result);
  }
  const keys = absent.map(({ write }) => ({ id: { S: write.trade.tradeId } }));
  const items = await readItems(client, { table, keys, signal });
  const reads = new Map(absent.map((answer, index) => [answer, items[index]]));
  return answered.map((answer) => {
    const read = reads.get(answer);
    return read === undefined ? answer.result : resultOf(read, answer.write, hierarchy);
  });
}

function resultOf(read: ReadItem, { trade }: VersionWrite, hierarchy: Hierarchy): WriteResult {
  if (read.code !== 'found') {
    return read;
  }
  const existing = readExistingItem(read.item, hierarchy);
  // It was written between the update and the read; the update is due again.
  if (existing.code === 'kept' && existing.stored.version < trade.version) {
    return { code: 'exists' };
  }
  return existing;
}
