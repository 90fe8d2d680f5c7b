import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDbSourceRecord } from '@oncefold/event-source-mapping';
import { createStreamSource } from './create-stream-source.ts';
import { asDynamoDbRecords, isDynoxide } from './dynoxide-records.ts';
import { keepRawRecords } from './raw-records.ts';
import { ITERATOR_TYPES } from './shard-reader.ts';
import type { StreamSource } from './stream-source.ts';

/** The service refuses to be asked for more. */
const LIMIT_MAX = 1_000;

/** Makes the stream of a DynamoDB table readable. */
export function createDynamoDbSource(options: {
  client: DynamoDBStreamsClient;
  streamArn: string;
}): StreamSource {
  const { client, streamArn: StreamArn } = options;
  const fromDynoxide = isDynoxide(StreamArn);
  keepRawRecords(client);

  return createStreamSource({
    streamName: StreamArn,
    sequenceNumberOf: (record) => (record as DynamoDbSourceRecord).dynamodb?.SequenceNumber ?? '',
    arrivalSecondsOf() {
      throw new Error('invariant: a DynamoDB stream cannot be read from a point in time');
    },
    async takeIterator(ShardId, place) {
      const answer = await client.send(
        new GetShardIteratorCommand({
          StreamArn,
          ShardId,
          ShardIteratorType: ITERATOR_TYPES[place.kind],
          ...('sequenceNumber' in place ? { SequenceNumber: place.sequenceNumber } : {}),
        }),
      );
      if (answer.ShardIterator === undefined) {
        throw new Error('DynamoDB answered without a shard iterator');
      }
      return answer.ShardIterator;
    },
    async getRecords(ShardIterator, limit) {
      const answer = await client.send(
        new GetRecordsCommand({ ShardIterator, Limit: Math.min(limit, LIMIT_MAX) }),
      );
      const seen = (answer.Records ?? []) as unknown as readonly DynamoDbSourceRecord[];
      return {
        records: fromDynoxide ? asDynamoDbRecords(seen, StreamArn) : seen,
        seen: seen.length,
        nextIterator: answer.NextShardIterator ?? undefined,
      };
    },
    async listShards(nextToken) {
      const { StreamDescription } = await client.send(
        new DescribeStreamCommand({
          StreamArn,
          ...(nextToken === undefined ? {} : { ExclusiveStartShardId: nextToken }),
        }),
      );
      return { shards: StreamDescription?.Shards, nextToken: StreamDescription?.LastEvaluatedShardId };
    },
    describeShard: ({ ShardId = '', ParentShardId, SequenceNumberRange }) => ({
      shardId: ShardId,
      parentShardIds: ParentShardId === undefined ? [] : [ParentShardId],
      isClosed: !fromDynoxide && SequenceNumberRange?.EndingSequenceNumber !== undefined,
    }),
  });
}
