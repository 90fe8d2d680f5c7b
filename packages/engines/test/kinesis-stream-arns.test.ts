// Goal: every operation on a Kinesis stream takes its ARN in place of its name, as AWS recommends.
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RemoveTagsFromStreamCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { beforeEach, describe, expect, it } from 'vitest';
import { useKinesis } from '../src/vitest.ts';

const kinesis = useKinesis();
let streams = 0;
let StreamName: string;
let StreamARN: string;

beforeEach(async () => {
  streams += 1;
  StreamName = `Orders-${streams}`;
  StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
  await kinesis.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await expect.poll(async () => (await describeStream())?.StreamStatus).toBe('ACTIVE');
});

async function describeStream() {
  return (await kinesis.client.send(new DescribeStreamCommand({ StreamARN }))).StreamDescription;
}

describe('StreamARN', () => {
  it('is what the engine answers with', async () => {
    expect(await describeStream()).toMatchObject({ StreamName, StreamARN });
    const { StreamDescriptionSummary } = await kinesis.client.send(
      new DescribeStreamSummaryCommand({ StreamARN }),
    );
    expect(StreamDescriptionSummary).toMatchObject({ StreamName, StreamARN });
  });

  it('writes and reads', async () => {
    const { client } = kinesis;
    const record = (text: string) => ({ PartitionKey: 'p', Data: Buffer.from(text) });
    await client.send(new PutRecordCommand({ StreamARN, ...record('one') }));
    await client.send(new PutRecordsCommand({ StreamARN, Records: [record('two')] }));
    const { Shards } = await client.send(new ListShardsCommand({ StreamARN }));
    const ShardId = Shards?.[0]?.ShardId;
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamARN, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records } = await client.send(new GetRecordsCommand({ StreamARN, ShardIterator }));
    expect(Records?.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(['one', 'two']);
  });

  it('changes a stream, its shards and its tags, and deletes it', async () => {
    const { client } = kinesis;
    const hours = async () => (await describeStream())?.RetentionPeriodHours;
    await client.send(new IncreaseStreamRetentionPeriodCommand({ StreamARN, RetentionPeriodHours: 48 }));
    expect(await hours()).toBe(48);
    await client.send(new DecreaseStreamRetentionPeriodCommand({ StreamARN, RetentionPeriodHours: 24 }));
    expect(await hours()).toBe(24);

    const tags = async () => (await client.send(new ListTagsForStreamCommand({ StreamARN }))).Tags;
    await client.send(new AddTagsToStreamCommand({ StreamARN, Tags: { team: 'orders' } }));
    expect(await tags()).toEqual([{ Key: 'team', Value: 'orders' }]);
    await client.send(new RemoveTagsFromStreamCommand({ StreamARN, TagKeys: ['team'] }));
    expect(await tags()).toEqual([]);

    const shards = async () => (await describeStream())?.Shards?.map(({ ShardId }) => ShardId) ?? [];
    const [first = ''] = await shards();
    await client.send(
      new SplitShardCommand({ StreamARN, ShardToSplit: first, NewStartingHashKey: String(2n ** 127n) }),
    );
    await expect.poll(shards).toHaveLength(3);
    const [, left = '', right = ''] = await shards();
    await client.send(new MergeShardsCommand({ StreamARN, ShardToMerge: left, AdjacentShardToMerge: right }));
    await expect.poll(shards).toHaveLength(4);

    await client.send(new DeleteStreamCommand({ StreamARN }));
    await expect
      .poll(async () => (await client.send(new ListStreamsCommand({}))).StreamNames)
      .not.toContain(StreamName);
  });

  it('may stand beside the name of the same stream, and not of another', async () => {
    await kinesis.client.send(new DescribeStreamCommand({ StreamARN, StreamName }));
    await expect(
      kinesis.client.send(new DescribeStreamCommand({ StreamARN, StreamName: 'Other' })),
    ).rejects.toMatchObject({ name: 'InvalidArgumentException', message: expect.stringContaining('Other') });
  });

  it.each([
    ['arn:aws:kinesis:us-east-1:000000000000:stream/Orders/consumer/c:1', 'ValidationException'],
    ['arn:aws:dynamodb:us-east-1:000000000000:table/Orders', 'ValidationException'],
    ['arn:aws:kinesis:us-east-1:000000000000:stream/Missing', 'ResourceNotFoundException'],
  ])('refuses %s', async (arn, name) => {
    await expect(kinesis.client.send(new DescribeStreamCommand({ StreamARN: arn }))).rejects.toMatchObject({
      name,
    });
  });
});
