// Goal: a client of the SDK that is made without options, which speaks HTTP/2, works with the Kinesis engine, beside others.
import { connect } from 'node:net';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useKinesis } from '../src/vitest.ts';

const kinesis = useKinesis();
const STREAM_NAME = 'Orders';

function defaultClient(): KinesisClient {
  const { endpoint, credentials } = kinesis;
  const client = new KinesisClient({ endpoint, region: 'us-east-1', credentials });
  onTestFinished(() => client.destroy());
  return client;
}

describe('the Kinesis engine', () => {
  it('answers in HTTP/2, large bodies and errors too', async () => {
    const client = defaultClient();
    expect(client.config.requestHandler.metadata?.handlerProtocol).toBe('h2');
    await client.send(new CreateStreamCommand({ StreamName: STREAM_NAME, ShardCount: 1 }));
    await waitUntilStreamExists({ client: kinesis.client, maxWaitTime: 30 }, { StreamName: STREAM_NAME });
    const Data = Buffer.alloc(300_000, 7);
    const Records = [1, 2, 3].map(() => ({ PartitionKey: 'a', Data }));
    const put = await client.send(new PutRecordsCommand({ StreamName: STREAM_NAME, Records }));
    expect(put.FailedRecordCount).toBe(0);
    const { ShardIterator } = await kinesis.client.send(
      new GetShardIteratorCommand({
        StreamName: STREAM_NAME,
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const read = await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(read.Records?.map((record) => record.Data?.length)).toEqual([300_000, 300_000, 300_000]);
    const absent = new PutRecordsCommand({ StreamName: 'Nothing', Records });
    await expect(client.send(absent)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('goes on when a connection ends before it has said anything, or says what is no HTTP', async () => {
    const { hostname, port } = new URL(kinesis.endpoint);
    for (const bytes of ['', 'PRI * HTTP/2.0\r\n', 'nonsense\r\n\r\n']) {
      await new Promise((resolve) => {
        connect(Number(port), hostname).on('close', resolve).on('error', resolve).resume().end(bytes);
      });
    }
    expect((await defaultClient().send(new ListStreamsCommand())).$metadata.httpStatusCode).toBe(200);
  });
});
