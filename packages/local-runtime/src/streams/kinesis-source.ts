import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
  ListShardsCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import type { KinesisSourceRecord, ReadPosition } from '@oncefold/event-source-mapping';
import { createShardReader } from './shard-reader.ts';
import type { StreamSource } from './stream-source.ts';
import { keepWireRecords } from './wire-records.ts';

/** Pages of 1,000 shards each; a stream with more shards than that is no local one. */
const PAGES_MAX = 10;

/**
 * Makes a Kinesis stream readable.
 *
 * @param options.client - a client of its own, whose answers to GetRecords are changed by {@link keepWireRecords}
 */
export function createKinesisSource(options: { client: KinesisClient; streamName: string }): StreamSource {
  const { client, streamName: StreamName } = options;
  const closed = new Set<string>();
  keepWireRecords(client);

  const read = createShardReader({
    hasTimestamps: true,
    isClosed: (shardId) => closed.has(shardId),
    sequenceNumberOf: (record) => (record as KinesisSourceRecord).SequenceNumber ?? '',
    async takeIterator(ShardId, position) {
      const answer = await client.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ...iteratorAt(position) }),
      );
      if (answer.ShardIterator === undefined) {
        throw new Error('Kinesis answered without a shard iterator');
      }
      return answer.ShardIterator;
    },
    async getRecords(ShardIterator, Limit) {
      const answer = await client.send(new GetRecordsCommand({ ShardIterator, Limit }));
      const records = (answer.Records ?? []) as unknown as readonly KinesisSourceRecord[];
      return {
        records,
        seen: records.length,
        nextIterator: answer.NextShardIterator ?? undefined,
        millisBehindLatest: answer.MillisBehindLatest,
      };
    },
  });

  return {
    read,
    async listShards() {
      const shards: Shard[] = [];
      let NextToken: string | undefined;
      for (let page = 1; page === 1 || NextToken !== undefined; page += 1) {
        if (page > PAGES_MAX) {
          throw new Error(`${StreamName} has more than ${shards.length} shards`);
        }
        const answer = await client.send(
          new ListShardsCommand(NextToken === undefined ? { StreamName } : { NextToken }),
        );
        shards.push(...(answer.Shards ?? []));
        NextToken = answer.NextToken;
      }
      return shards.map((shard) => {
        const shardId = shard.ShardId ?? '';
        const isClosed = shard.SequenceNumberRange?.EndingSequenceNumber !== undefined;
        if (isClosed) {
          closed.add(shardId);
        }
        const parentShardIds = [shard.ParentShardId, shard.AdjacentParentShardId].filter(
          (id): id is string => typeof id === 'string',
        );
        return { shardId, parentShardIds, isClosed };
      });
    },
  };
}

function iteratorAt(
  position: ReadPosition,
): Omit<GetShardIteratorCommandInput, 'StreamName' | 'ShardId' | 'StreamARN'> {
  switch (position.kind) {
    case 'trim-horizon':
      return { ShardIteratorType: 'TRIM_HORIZON' };
    case 'latest':
      return { ShardIteratorType: 'LATEST' };
    case 'at-timestamp':
      return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(position.timestampSeconds * 1_000) };
    case 'at-sequence-number':
      return { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: position.sequenceNumber };
    case 'after-sequence-number':
      return {
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        StartingSequenceNumber: position.sequenceNumber,
      };
  }
}
