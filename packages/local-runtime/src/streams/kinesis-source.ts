import type { KinesisSourceRecord } from '@oncefold/event-source-mapping';
import { createStreamSource } from './create-stream-source.ts';
import { ITERATOR_TYPES } from './shard-reader.ts';
import type { StreamRequests } from './stream-requests.ts';
import type { StreamSource } from './stream-source.ts';

interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly SequenceNumberRange?: { readonly EndingSequenceNumber?: string };
}

interface RecordsAnswer {
  readonly Records?: readonly KinesisSourceRecord[];
  readonly NextShardIterator?: string | null;
  readonly MillisBehindLatest?: number;
}

export function createKinesisSource(options: {
  /** Of the service `kinesis`. */
  requests: StreamRequests;
  streamName: string;
}): StreamSource {
  const { requests, streamName: StreamName } = options;

  return createStreamSource<Shard>({
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
      const { ShardIterator } = (await requests.send('GetShardIterator', {
        StreamName,
        ShardId,
        ShardIteratorType: ITERATOR_TYPES[place.kind],
        ...('sequenceNumber' in place ? { StartingSequenceNumber: place.sequenceNumber } : {}),
      })) as { readonly ShardIterator?: string };
      if (ShardIterator === undefined) {
        throw new Error('Kinesis answered without a shard iterator');
      }
      return ShardIterator;
    },
    async getRecords(ShardIterator, Limit) {
      const answer = (await requests.send('GetRecords', { ShardIterator, Limit })) as RecordsAnswer;
      const records = answer.Records ?? [];
      return {
        records,
        seen: records.length,
        nextIterator: answer.NextShardIterator ?? undefined,
        millisBehindLatest: answer.MillisBehindLatest,
      };
    },
    async listShards(nextToken) {
      const { Shards, NextToken } = (await requests.send(
        'ListShards',
        nextToken === undefined ? { StreamName } : { NextToken: nextToken },
      )) as { readonly Shards?: readonly Shard[]; readonly NextToken?: string | null };
      return { shards: Shards, nextToken: NextToken ?? undefined };
    },
    describeShard: ({ ShardId, ParentShardId, AdjacentParentShardId, SequenceNumberRange }) => ({
      shardId: ShardId,
      parentShardIds: [ParentShardId, AdjacentParentShardId].filter((id) => typeof id === 'string'),
      isClosed: typeof SequenceNumberRange?.EndingSequenceNumber === 'string',
    }),
  });
}
