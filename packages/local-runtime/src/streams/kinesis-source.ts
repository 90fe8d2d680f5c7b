import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import type { KinesisSourceRecord } from '@oncefold/event-source-mapping';
import { createStreamSource } from './create-stream-source.ts';
import { keepRawRecords } from './raw-records.ts';
import { ITERATOR_TYPES } from './shard-reader.ts';
import type { StreamSource } from './stream-source.ts';

export function createKinesisSource(options: { client: KinesisClient; streamName: string }): StreamSource {
  const { client, streamName: StreamName } = options;
  keepRawRecords(client);

  return createStreamSource({
    streamName: StreamName,
    sequenceNumberOf: (record) => (record as KinesisSourceRecord).SequenceNumber ?? '',
    arrivalSecondsOf(record) {
      const seconds = (record as KinesisSourceRecord).ApproximateArrivalTimestamp;
      if (typeof seconds !== 'number') {
        throw new Error(`${StreamName} answered with a record that has no arrival time in seconds`);
      }
      return seconds;
    },
    async takeIterator(ShardId, place) {
      const answer = await client.send(
        new GetShardIteratorCommand({
          StreamName,
          ShardId,
          ShardIteratorType: ITERATOR_TYPES[place.kind],
          ...('sequenceNumber' in place ? { StartingSequenceNumber: place.sequenceNumber } : {}),
        }),
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
    async listShards(nextToken) {
      const { Shards, NextToken } = await client.send(
        new ListShardsCommand(nextToken === undefined ? { StreamName } : { NextToken: nextToken }),
      );
      return { shards: Shards, nextToken: NextToken };
    },
    describeShard: ({ ShardId = '', ParentShardId, AdjacentParentShardId, SequenceNumberRange }) => ({
      shardId: ShardId,
      parentShardIds: [ParentShardId, AdjacentParentShardId].filter((id) => typeof id === 'string'),
      isClosed: SequenceNumberRange?.EndingSequenceNumber !== undefined,
    }),
  });
}
