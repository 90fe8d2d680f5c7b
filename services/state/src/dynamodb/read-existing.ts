import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Hierarchy } from '@oncefold/reducer';
import type { VersionWrite, WriteResult } from '../state-store.ts';
import { readExistingItem } from './existing-item.ts';
import { type ReadItem, readItems } from './read-items.ts';

/** What {@link readExisting} looks at. */
export interface ReadExistingOptions {
  readonly table: string;
  readonly hierarchy: Hierarchy;
  readonly signal: AbortSignal;
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
 * @param client - the client
 * @param answered - the writes of one request
 * @param options - {@link ReadExistingOptions}
 * @returns the results, in which `absent` is now certain at the time of a consistent read
 * @throws what DynamoDB refuses
 */
export async function readExisting(
  client: Pick<DynamoDBClient, 'send'>,
  answered: readonly AnsweredWrite[],
  { table, hierarchy, signal }: ReadExistingOptions,
): Promise<readonly WriteResult[]> {
  const absent = answered.filter(({ result }) => result.code === 'absent');
  if (absent.length === 0) {
    return answered.map(({ result }) => result);
  }
  const keys = absent.map(({ write }) => ({ id: { S: write.trade.tradeId } }));
  const items = await readItems(client, { table, keys, signal });
  const seen = new Map(absent.map((answer, place) => [answer, items[place]]));
  return answered.map((answer) => {
    const read = seen.get(answer);
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
