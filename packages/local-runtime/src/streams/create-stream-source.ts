import type { ShardDescription } from '@oncefold/event-source-mapping';
import { createShardReader, type ShardApi } from './shard-reader.ts';
import type { StreamSource } from './stream-source.ts';

export interface StreamApi<Shard> extends Omit<ShardApi, 'isClosed'> {
  /** For messages. */
  readonly streamName: string;
  listShards(nextToken: string | undefined): Promise<ShardPage<Shard>>;
  describeShard(shard: Shard): ShardDescription;
}

interface ShardPage<Shard> {
  readonly shards: readonly Shard[] | undefined;
  readonly nextToken: string | undefined;
}

/** Pages of 100 shards (DynamoDB) or 1,000 (Kinesis) each; a stream with more shards than that is no local one. */
const PAGES_MAX = 10;

export function createStreamSource<Shard>(api: StreamApi<Shard>): StreamSource {
  const closed = new Set<string>();

  return {
    read: createShardReader({ ...api, isClosed: (shardId) => closed.has(shardId) }),
    async listShards() {
      const listed: Shard[] = [];
      let nextToken: string | undefined;
      for (let page = 1; page === 1 || nextToken !== undefined; page += 1) {
        if (page > PAGES_MAX) {
          throw new Error(`${api.streamName} has more than ${listed.length} shards`);
        }
        const answer = await api.listShards(nextToken);
        listed.push(...(answer.shards ?? []));
        nextToken = answer.nextToken;
      }
      const shards = listed.map((shard) => api.describeShard(shard));
      for (const { shardId } of shards.filter(({ isClosed }) => isClosed)) {
        closed.add(shardId);
      }
      return shards;
    },
  };
}
