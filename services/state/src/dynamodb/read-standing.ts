import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Hierarchy } from '@oncefold/reducer';
import type { VersionWrite, WriteResult } from '../state-store.ts';
import { refusedBy } from './refused-by.ts';

/** What {@link readStanding} looks at. */
export interface ReadStandingOptions {
  readonly table: string;
  readonly hierarchy: Hierarchy;
  readonly writes: readonly VersionWrite[];
  /** One per write. */
  readonly results: readonly WriteResult[];
  readonly signal: AbortSignal;
}

/**
 * Looks whether items are really absent where an update was refused and no item came back.
 *
 * DynamoDB returns the item that stands, so this asks for nothing on AWS unless a trade has just been removed.
 * Engines that never return it (dynoxide) would otherwise make every refused update look like a missing item.
 *
 * @param client - the client
 * @param options - {@link ReadStandingOptions}
 * @returns the results, in which `absent` is now certain at the time of a consistent read
 * @throws what the client throws
 */
export async function readStanding(
  client: Pick<DynamoDBClient, 'send'>,
  options: ReadStandingOptions,
): Promise<readonly WriteResult[]> {
  const { table, hierarchy, writes, results, signal } = options;
  const ids = writes
    .filter((_write, place) => results[place]?.code === 'absent')
    .map(({ trade }) => trade.tradeId);
  if (ids.length === 0) return results;
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetItemCommand({
      RequestItems: { [table]: { Keys: ids.map((id) => ({ id: { S: id } })), ConsistentRead: true } },
    }),
    { abortSignal: signal },
  );
  const items = new Map(Responses?.[table]?.map((item) => [item['id']?.S, item]));
  const unread = new Set(UnprocessedKeys?.[table]?.Keys?.map((key) => key['id']?.S));

  return results.map((result, place): WriteResult => {
    const trade = writes[place]?.trade;
    if (result.code !== 'absent' || trade === undefined) return result;
    if (unread.has(trade.tradeId)) return { code: 'unavailable', reason: 'UnprocessedKeys' };
    return standing(items.get(trade.tradeId), trade.version, hierarchy);
  });
}

function standing(
  item: Record<string, AttributeValue> | undefined,
  version: number,
  hierarchy: Hierarchy,
): WriteResult {
  if (item === undefined) return { code: 'absent' };
  const refused = refusedBy(item, hierarchy);
  // It came between the update and the read; the update is due again.
  if (refused.code === 'kept' && refused.stored.version < version) return { code: 'exists' };
  return refused;
}
