import type { DynamoDbSourceRecord } from '@oncefold/event-source-mapping';
import { createStreamSource } from './create-stream-source.ts';
import { asDynamoDbRecords, isDynoxide } from './dynoxide-records.ts';
import { ITERATOR_TYPES } from './shard-reader.ts';
import type { StreamRequests } from './stream-requests.ts';
import type { StreamSource } from './stream-source.ts';

interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly SequenceNumberRange?: { readonly EndingSequenceNumber?: string };
}

interface StreamAnswer {
  readonly StreamDescription?: {
    readonly Shards?: readonly Shard[];
    readonly LastEvaluatedShardId?: string | null;
  };
}

interface RecordsAnswer {
  readonly Records?: readonly DynamoDbSourceRecord[];
  readonly NextShardIterator?: string | null;
}

/** The service refuses to be asked for more. */
const LIMIT_MAX = 1_000;

/** Makes the stream of a DynamoDB table readable. */
export function createDynamoDbSource(options: {
  /** Of the service `dynamodb-streams`. */
  requests: StreamRequests;
  streamArn: string;
}): StreamSource {
  const { requests, streamArn: StreamArn } = options;
  const fromDynoxide = isDynoxide(StreamArn);

  return createStreamSource<Shard>({
    streamName: StreamArn,
    sequenceNumberOf: (record) => (record as DynamoDbSourceRecord).dynamodb?.SequenceNumber ?? '',
    arrivalSecondsOf() {
      throw new Error('invariant: a DynamoDB stream cannot be read from a point in time');
    },
    async takeIterator(ShardId, place) {
      const { ShardIterator } = (await requests.send('GetShardIterator', {
        StreamArn,
        ShardId,
        ShardIteratorType: ITERATOR_TYPES[place.kind],
        ...('sequenceNumber' in place ? { SequenceNumber: place.sequenceNumber } : {}),
      })) as { readonly ShardIterator?: string };
      if (ShardIterator === undefined) {
        throw new Error('DynamoDB answered without a shard iterator');
      }
      return ShardIterator;
    },
    async getRecords(ShardIterator, limit) {
      const Limit = Math.min(limit, LIMIT_MAX);
      const answer = (await requests.send('GetRecords', { ShardIterator, Limit })) as RecordsAnswer;
      const seen = answer.Records ?? [];
      return {
        records: fromDynoxide ? asDynamoDbRecords(seen, StreamArn) : seen,
        seen: seen.length,
        nextIterator: answer.NextShardIterator ?? undefined,
      };
    },
    async listShards(nextToken) {
      const { StreamDescription } = (await requests.send('DescribeStream', {
        StreamArn,
        ...(nextToken === undefined ? {} : { ExclusiveStartShardId: nextToken }),
      })) as StreamAnswer;
      return {
        shards: StreamDescription?.Shards,
        nextToken: StreamDescription?.LastEvaluatedShardId ?? undefined,
      };
    },
    describeShard: ({ ShardId, ParentShardId, SequenceNumberRange }) => ({
      shardId: ShardId,
      parentShardIds: typeof ParentShardId === 'string' ? [ParentShardId] : [],
      isClosed: !fromDynoxide && typeof SequenceNumberRange?.EndingSequenceNumber === 'string',
    }),
  });
}
