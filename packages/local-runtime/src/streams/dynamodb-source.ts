import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDbSourceRecord, ReadPosition } from '@oncefold/event-source-mapping';
import { asDynamoDbRecords, isDynoxide } from './dynoxide.ts';
import { createShardReader } from './shard-reader.ts';
import type { StreamSource } from './stream-source.ts';
import { keepWireRecords } from './wire-records.ts';

/** Pages of 100 shards each; a table with more shards than that is no local one. */
const PAGES_MAX = 10;
/** The service refuses to be asked for more. */
const LIMIT_MAX = 1_000;

/**
 * Makes the stream of a DynamoDB table readable.
 *
 * @param options.client - a client of its own, whose answers to GetRecords are changed by {@link keepWireRecords}
 */
export function createDynamoDbSource(options: {
  client: DynamoDBStreamsClient;
  streamArn: string;
}): StreamSource {
  const { client, streamArn: StreamArn } = options;
  const fromDynoxide = isDynoxide(StreamArn);
  const closed = new Set<string>();
  keepWireRecords(client);

  const read = createShardReader({
    hasTimestamps: false,
    isClosed: (shardId) => closed.has(shardId),
    sequenceNumberOf: (record) => (record as DynamoDbSourceRecord).dynamodb?.SequenceNumber ?? '',
    async takeIterator(ShardId, position) {
      const answer = await client.send(
        new GetShardIteratorCommand({ StreamArn, ShardId, ...iteratorAt(position) }),
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
  });

  return {
    read,
    async listShards() {
      const shards: Shard[] = [];
      let last: string | undefined;
      for (let page = 1; page === 1 || last !== undefined; page += 1) {
        if (page > PAGES_MAX) {
          throw new Error(`${StreamArn} has more than ${shards.length} shards`);
        }
        const answer = await client.send(
          new DescribeStreamCommand({
            StreamArn,
            ...(last === undefined ? {} : { ExclusiveStartShardId: last }),
          }),
        );
        shards.push(...(answer.StreamDescription?.Shards ?? []));
        last = answer.StreamDescription?.LastEvaluatedShardId;
      }
      return shards.map((shard) => {
        const shardId = shard.ShardId ?? '';
        const isClosed = !fromDynoxide && shard.SequenceNumberRange?.EndingSequenceNumber !== undefined;
        if (isClosed) {
          closed.add(shardId);
        }
        return {
          shardId,
          parentShardIds: shard.ParentShardId === undefined ? [] : [shard.ParentShardId],
          isClosed,
        };
      });
    },
  };
}

function iteratorAt(
  position: ReadPosition,
): Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'SequenceNumber'> {
  switch (position.kind) {
    case 'trim-horizon':
      return { ShardIteratorType: 'TRIM_HORIZON' };
    case 'latest':
      return { ShardIteratorType: 'LATEST' };
    case 'at-sequence-number':
      return { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: position.sequenceNumber };
    case 'after-sequence-number':
      return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.sequenceNumber };
    case 'at-timestamp':
      throw new Error('invariant: a DynamoDB stream cannot be read from a point in time');
  }
}
