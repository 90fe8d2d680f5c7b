// Goal: records come out of every local engine once, in order and in the form that functions get, whatever its quirks.
// Method: real engines; each test names the quirk that it provokes.
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import {
  createLocalDynamoDb,
  createLocalKinesis,
  type Engine,
  freshCredentials,
  LOCAL_REGION,
  startDynamoDb,
  startKinesis,
} from '@oncefold/engines';
import type {
  DynamoDbSourceRecord,
  KinesisSourceRecord,
  ReadPosition,
  SourceRecord,
} from '@oncefold/event-source-mapping';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStream } from '../../src/deployment/create-stream.ts';
import { createDynamoDbSource } from '../../src/streams/dynamodb-source.ts';
import { createKinesisSource } from '../../src/streams/kinesis-source.ts';
import {
  createStreamRequests,
  StreamRefusalError,
  type StreamRequests,
} from '../../src/streams/stream-requests.ts';
import type { StreamSource } from '../../src/streams/stream-source.ts';

const TRIM_HORIZON: ReadPosition = { kind: 'trim-horizon' };
const FIRST_SHARD = 'shardId-000000000000';
const credentials = freshCredentials();

function textsOf(records: readonly SourceRecord[]): string[] {
  return (records as readonly KinesisSourceRecord[]).map(({ Data }) =>
    Buffer.from(String(Data), 'base64').toString(),
  );
}

/** Reads a shard until as many records as expected have come. */
async function readAll(
  source: StreamSource,
  shardId: string,
  from: ReadPosition,
  count: number,
): Promise<SourceRecord[]> {
  const found: SourceRecord[] = [];
  let position = from;
  for (let attempt = 0; found.length < count && attempt < 500; attempt += 1) {
    const answer = await source.read(shardId, position, 1_000);
    if (answer.code !== 'records') {
      throw answer.error;
    }
    found.push(...answer.records);
    const last = answer.records.at(-1);
    if (last !== undefined) {
      position = { kind: 'after-sequence-number', sequenceNumber: sequenceNumberOf(last) };
    } else {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  return found;
}

function sequenceNumberOf(record: SourceRecord): string {
  const found =
    (record as KinesisSourceRecord).SequenceNumber ??
    (record as DynamoDbSourceRecord).dynamodb?.SequenceNumber;
  return String(found);
}

describe('createKinesisSource', () => {
  let engine: Engine;
  let kinesis: KinesisClient;
  let source: StreamSource;
  beforeAll(async () => {
    engine = await startKinesis();
    kinesis = createLocalKinesis({ endpoint: engine.endpoint, credentials });
    await createActiveStream('S', 2);
    source = createKinesisSource({ requests: kinesisRequests(), streamName: 'S' });
  });
  afterAll(() => engine.stop());

  function kinesisRequests(): StreamRequests {
    return requestsTo('kinesis', engine.endpoint);
  }

  function createActiveStream(streamName: string, shardCount: number): Promise<unknown> {
    return createStream({ logicalId: streamName, streamName, shardCount, retentionHours: 24 }, kinesis);
  }

  /** A stream of one shard with a source of its own, whose iterators can be made to expire as after five minutes. */
  async function openStream(StreamName: string): Promise<{
    source: StreamSource;
    put: (text: string) => Promise<unknown>;
    expireIterators: () => void;
  }> {
    await createActiveStream(StreamName, 1);
    const requests = kinesisRequests();
    const live = new Set<unknown>();
    const expiring: StreamRequests = {
      ...requests,
      async send(operation, input) {
        if (operation === 'GetRecords' && !live.has((input as { ShardIterator: string }).ShardIterator)) {
          const refusal = { __type: 'ExpiredIteratorException', message: 'Iterator expired.' };
          throw new StreamRefusalError(400, JSON.stringify(refusal));
        }
        const answer = (await requests.send(operation, input)) as Record<string, unknown>;
        live.add(answer['ShardIterator']).add(answer['NextShardIterator']);
        return answer;
      },
    };
    return {
      source: createKinesisSource({ requests: expiring, streamName: StreamName }),
      put: (text) =>
        kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from(text), PartitionKey: 'p' })),
      expireIterators: () => live.clear(),
    };
  }

  it('reads records as the service sends them, in order, from the given position', async () => {
    const shards = await source.listShards();
    expect(shards).toEqual([
      { shardId: 'shardId-000000000000', parentShardIds: [], isClosed: false },
      { shardId: 'shardId-000000000001', parentShardIds: [], isClosed: false },
    ]);
    const shardId = FIRST_SHARD;
    expect(await source.read(shardId, TRIM_HORIZON, 10)).toMatchObject({ code: 'records', records: [] });
    await kinesis.send(
      new PutRecordsCommand({
        StreamName: 'S',
        Records: Array.from({ length: 50 }, (_, index) => ({
          Data: Buffer.from(`record ${index}`),
          PartitionKey: 'p',
          ExplicitHashKey: '0',
        })),
      }),
    );
    const records = (await readAll(source, shardId, TRIM_HORIZON, 50)) as KinesisSourceRecord[];
    expect(textsOf(records)).toEqual(Array.from({ length: 50 }, (_, index) => `record ${index}`));
    expect(records[0]).toEqual({
      Data: expect.any(String),
      PartitionKey: 'p',
      SequenceNumber: expect.stringMatching(/^\d{56}$/),
      ApproximateArrivalTimestamp: expect.any(Number),
    });
    const [, second, third] = records;
    for (const kind of ['at-sequence-number', 'after-sequence-number'] as const) {
      const position = { kind, sequenceNumber: sequenceNumberOf(second ?? {}) };
      const answer = await source.read(shardId, position, 1);
      expect(answer.code === 'records' && answer.records).toEqual([
        kind === 'at-sequence-number' ? second : third,
      ]);
    }
  });

  it('begins a time at the first record that arrived then or later', async () => {
    const { source: timed, put: putText } = await openStream('Timed');
    await putText('early');
    const [early] = (await readAll(timed, FIRST_SHARD, TRIM_HORIZON, 1)) as KinesisSourceRecord[];
    const arrivedAt = Number(early?.ApproximateArrivalTimestamp);
    const texts = async (timestampSeconds: number): Promise<string[]> => {
      const again = createKinesisSource({ requests: kinesisRequests(), streamName: 'Timed' });
      const answer = await again.read(FIRST_SHARD, { kind: 'at-timestamp', timestampSeconds }, 10);
      return answer.code === 'records' ? textsOf(answer.records) : [answer.code];
    };
    expect(await texts(0)).toEqual(['early']);
    expect(await texts(arrivedAt)).toEqual(['early']);
    expect(await texts(arrivedAt + 0.001)).toEqual([]);
  });

  it('answers a time at once where no record has arrived since, and then reads the first that does', async () => {
    const { source: timed, put: putText } = await openStream('Waiting');
    const fromNow: ReadPosition = { kind: 'at-timestamp', timestampSeconds: Date.now() / 1_000 };
    expect(await timed.read(FIRST_SHARD, fromNow, 10)).toMatchObject({ code: 'records', records: [] });
    await putText('first');
    const answer = await timed.read(FIRST_SHARD, fromNow, 10);
    expect(answer.code === 'records' && textsOf(answer.records)).toEqual(['first']);
  });

  it.each<[string, ReadPosition]>([
    ['a time after its last record', { kind: 'at-timestamp', timestampSeconds: 4_000_000_000 }],
    ['LATEST', { kind: 'latest' }],
  ])('reads a shard that is closed to its end from %s', async (_, position) => {
    const StreamName = `Closed-${position.kind}`;
    const { source: closed, put: putText } = await openStream(StreamName);
    await putText('last');
    await kinesis.send(
      new SplitShardCommand({ StreamName, ShardToSplit: FIRST_SHARD, NewStartingHashKey: '9' }),
    );
    await expect
      .poll(async () => (await closed.listShards()).map(({ isClosed }) => isClosed))
      .toEqual([true, false, false]);
    const isAtEnd = async (): Promise<boolean> => {
      const answer = await closed.read(FIRST_SHARD, position, 10);
      expect(answer).toMatchObject({ code: 'records', records: [] });
      return answer.code === 'records' && answer.isEndOfShard;
    };
    await expect.poll(isAtEnd).toBe(true);
  });

  it.each(['latest', 'at-timestamp'] as const)(
    'misses nothing from %s after its iterator has expired',
    async (kind) => {
      const { source: expiring, put: putText, expireIterators } = await openStream(`Expiring-${kind}`);
      await putText('earlier');
      const timestampSeconds = Date.now() / 1_000 + 0.001;
      const position: ReadPosition = kind === 'latest' ? { kind } : { kind, timestampSeconds };
      expect(await expiring.read(FIRST_SHARD, position, 10)).toMatchObject({ records: [] });
      expireIterators();
      expect(await expiring.read(FIRST_SHARD, position, 10)).toMatchObject({ records: [] });
      expireIterators();
      await expect.poll(() => Date.now() / 1_000).toBeGreaterThan(timestampSeconds);
      await putText('during');
      const answer = await expiring.read(FIRST_SHARD, position, 10);
      expect(answer.code === 'records' && textsOf(answer.records)).toEqual(['during']);
    },
  );

  it('throws errors that are not transient, and returns those that are', async () => {
    const missing = createKinesisSource({ requests: kinesisRequests(), streamName: 'Missing' });
    await expect(missing.read('shardId-000000000000', TRIM_HORIZON, 1)).rejects.toThrow('does not exist');
    const away = createKinesisSource({
      requests: requestsTo('kinesis', 'http://127.0.0.1:1'),
      streamName: 'S',
    });
    expect(await away.read('shardId-000000000000', TRIM_HORIZON, 1)).toMatchObject({ code: 'unavailable' });
  });
});

describe.each(['dynamodb-local', 'dynoxide'] as const)('createDynamoDbSource on %s', (name) => {
  let engine: Engine;
  let dynamodb: DynamoDBClient;
  beforeAll(async () => {
    engine = await startDynamoDb({ engine: name });
    dynamodb = createLocalDynamoDb({ endpoint: engine.endpoint, credentials });
  });
  afterAll(() => engine.stop());

  async function createTable(TableName: string): Promise<StreamSource> {
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    );
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    return createDynamoDbSource({
      requests: requestsTo('dynamodb-streams', engine.endpoint),
      streamArn: Table?.LatestStreamArn ?? '',
    });
  }

  async function onlyShard(source: StreamSource): Promise<string> {
    const [shard, ...others] = await source.listShards();
    expect(others).toEqual([]);
    expect(shard?.isClosed).toBe(false);
    return shard?.shardId ?? '';
  }

  function put(TableName: string, id: string, value: string): Promise<unknown> {
    const Item = { id: { S: id }, value: { N: value }, bytes: { B: Buffer.from('bytes') } };
    return dynamodb.send(new PutItemCommand({ TableName, Item }));
  }

  it('reads writes as Lambda shows them: binary as base64, times in seconds', async () => {
    const source = await createTable('Raw');
    await put('Raw', 'a', '1');
    const [record] = await readAll(source, await onlyShard(source), TRIM_HORIZON, 1);
    const image = {
      id: { S: 'a' },
      value: { N: '1' },
      bytes: { B: Buffer.from('bytes').toString('base64') },
    };
    expect(record).toMatchObject({
      eventID: expect.stringMatching(/^[0-9a-f-]{32,36}$/),
      eventName: 'INSERT',
      dynamodb: {
        Keys: { id: { S: 'a' } },
        NewImage: image,
        ApproximateCreationDateTime: expect.any(Number),
        SequenceNumber: expect.stringMatching(/^\d+$/),
      },
    });
  });

  it('goes on after an iterator that went bad because another table was written first', async () => {
    const [first, second] = [await createTable('First'), await createTable('Second')];
    const [firstShard, secondShard] = [await onlyShard(first), await onlyShard(second)];
    // Both shards are empty when their iterators are taken.
    await first.read(firstShard, TRIM_HORIZON, 100);
    await second.read(secondShard, TRIM_HORIZON, 100);
    await second.read(secondShard, { kind: 'latest' }, 100);
    for (let index = 0; index < 10; index += 1) {
      await put('First', `f${index}`, String(index));
    }
    expect(await readAll(first, firstShard, TRIM_HORIZON, 10)).toHaveLength(10);
    await put('Second', 's', '1');
    expect(await readAll(second, secondShard, { kind: 'latest' }, 1)).toHaveLength(1);
    expect(await readAll(second, secondShard, TRIM_HORIZON, 1)).toHaveLength(1);
  });

  it('misses nothing and repeats nothing while tables are written from several sides', async () => {
    const source = await createTable('Busy');
    const shardId = await onlyShard(source);
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let index = 0; index < 100; index += 1) {
        await put('Busy', `${writer}-${index}`, '1');
      }
    });
    const records = (await readAll(source, shardId, TRIM_HORIZON, 400)) as DynamoDbSourceRecord[];
    await Promise.all(writers);
    const ids = records.map(({ dynamodb: change }) => JSON.stringify(change?.Keys));
    expect(new Set(ids).size).toBe(400);
    expect(ids).toHaveLength(400);
    const answer = await source.read(
      shardId,
      { kind: 'after-sequence-number', sequenceNumber: sequenceNumberOf(records[399] ?? {}) },
      10,
    );
    expect(answer).toMatchObject({ code: 'records', records: [] });
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(400);
  });

  it('shows no write that changed nothing', async () => {
    const source = await createTable('Same');
    await put('Same', 'a', '1');
    for (let index = 0; index < 5; index += 1) {
      await put('Same', 'a', '1');
    }
    await put('Same', 'a', '2');
    const records = (await readAll(
      source,
      await onlyShard(source),
      TRIM_HORIZON,
      2,
    )) as DynamoDbSourceRecord[];
    expect(records.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY']);
  });

  it('gives records of two tables ids that differ', async () => {
    const sources = [await createTable('Left'), await createTable('Right')];
    await put('Left', 'a', '1');
    await put('Right', 'a', '1');
    const ids = new Set<string | undefined>();
    for (const source of sources) {
      const [record] = await readAll(source, await onlyShard(source), TRIM_HORIZON, 1);
      ids.add((record as DynamoDbSourceRecord).eventID);
    }
    expect(ids.size).toBe(2);
  });
});

function requestsTo(service: 'kinesis' | 'dynamodb-streams', endpoint: string): StreamRequests {
  const { accessKeyId } = credentials;
  return createStreamRequests({ service, endpoint, region: LOCAL_REGION, accessKeyId });
}
