// Goal: an application that knows nothing of Oncefold runs under it unchanged, and hides nothing from its owner.
// Method: the example as a process of its own; plain SDK clients send what outside producers would.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { descendantsOf, untilGone } from '@oncefold/local-runtime/test-support';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, describe, expect, it } from 'vitest';
import type { Ready } from './support/outside-producer.ts';
import { type Oncefold, runOncefold, startOncefold } from './support/run-oncefold.ts';

const example = fileURLToPath(new URL('../../../examples/orders', import.meta.url));

let application: Oncefold | undefined;
let folder: string | undefined;
let clients:
  | { readonly dynamodb: DynamoDBClient; readonly kinesis: KinesisClient; readonly sqs: SQSClient }
  | undefined;

/** Starts the example, or a copy of it. */
async function up(directory: string, ...words: string[]): Promise<void> {
  application = startOncefold(['up', '--json', '--template', join(directory, 'template.yaml'), ...words]);
  const ready: Ready & { readonly sqs: string } = JSON.parse(await application.line(() => true));
  const { region, accessKeyId, secretAccessKey } = ready;
  const settings = { region, credentials: { accessKeyId, secretAccessKey } };
  clients = {
    dynamodb: new DynamoDBClient({ ...settings, endpoint: ready.dynamodb }),
    kinesis: new KinesisClient({
      ...settings,
      endpoint: ready.kinesis,
      requestHandler: new NodeHttpHandler(),
    }),
    sqs: new SQSClient({ ...settings, endpoint: ready.sqs }),
  };
}

/** An order's event, or nonsense. */
type Sent = { readonly orderId: string; readonly version: number; readonly status: string } | string;

async function send(...events: Sent[]): Promise<void> {
  const Records = events.map((event) => ({
    Data: Buffer.from(typeof event === 'string' ? event : JSON.stringify(event)),
    PartitionKey: 'one shard',
  }));
  await clients?.kinesis.send(new PutRecordsCommand({ StreamName: 'OrderEvents', Records }));
}

const order = (orderId: string, status = 'paid', version = 1): Sent => ({ orderId, version, status });

async function keysOf(TableName: string): Promise<readonly string[]> {
  const answer = await clients?.dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return (answer?.Items ?? []).map((item) => item['OrderId']?.S ?? '').sort();
}

/** Waits for the first message of a queue. */
async function receive(QueueName: string): Promise<string> {
  const sqs = clients?.sqs;
  const address = await sqs?.send(new GetQueueUrlCommand({ QueueName }));
  const answer = await sqs?.send(
    new ReceiveMessageCommand({ QueueUrl: address?.QueueUrl, WaitTimeSeconds: 20 }),
  );
  return answer?.Messages?.[0]?.Body ?? '';
}

// Engines and functions in processes of their own: the limit is against hanging only.

describe('oncefold up --template', () => {
  afterEach(async () => {
    clients?.dynamodb.destroy();
    clients?.kinesis.destroy();
    clients?.sqs.destroy();
    application?.process.kill('SIGTERM');
    await application?.ended;
    if (folder !== undefined) {
      rmSync(folder, { recursive: true, force: true });
    }
    folder = undefined;
  });

  it('runs a Kinesis and a table stream consumer, with filter, logs and on-failure destination', async () => {
    await up(example);
    await send(order('1'), order('2', 'placed'), order('3'), 'nonsense', order('4', 'cancelled'), order('5'));
    await expect.poll(() => keysOf('Orders')).toEqual(['1', '2', '3', '4', '5']);
    await expect.poll(() => keysOf('Parcels')).toEqual(['1', '3', '5']);
    await send(order('2', 'paid', 2));
    await expect.poll(() => keysOf('Parcels')).toEqual(['1', '2', '3', '5']);

    const told = () => application?.output().stderr ?? '';
    const queue = 'arn:aws:sqs:us-east-1:000000000000:UnreadableOrders';
    await expect.poll(told).toContain(`to the queue ${queue}: {`);
    expect(told()).not.toContain('not emulated');
    expect(told()).toMatch(/^KeepOrdersFunction {2}\| order 3 is paid$/m);
    expect(told()).toMatch(/^PackParcelsFunction \| parcel for order 3$/m);
    const document = await receive('UnreadableOrders');
    expect(told()).toContain(document);
    expect(JSON.parse(document)).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted' },
      responseContext: { functionError: 'Unhandled' },
      KinesisBatchInfo: {
        batchSize: 1,
        streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/OrderEvents',
      },
    });
    const processes = descendantsOf(application?.process.pid ?? 0);
    application?.process.kill('SIGTERM');
    const end = await application?.ended;
    expect(end?.status).toBe(0);
    expect(JSON.parse(end?.stdout.trim().split('\n')[1] ?? '')).toEqual({
      ended: true,
      destinations: [{ kind: 'sqs', arn: queue, documents: 1, isSent: true }],
    });
    await untilGone(processes);
  });

  it('takes a function anew when its code changes, and one that was broken by it too', async () => {
    folder = mkdtempSync(join(tmpdir(), 'oncefold-'));
    cpSync(example, folder, { recursive: true });
    const file = join(folder, 'src', 'keep-orders.mjs');
    const code = readFileSync(file, 'utf8');
    await up(folder);
    await send(order('1'));
    await expect.poll(() => keysOf('Orders')).toEqual(['1']);
    const reloads = () => [...(application?.output().stderr ?? '').matchAll(/its code has changed/g)].length;
    writeFileSync(file, code.replace('order ${', 'mended order ${'));
    // Both functions live in one folder.
    await expect.poll(reloads).toBe(2);
    await send(order('2'));
    await expect.poll(() => application?.output().stderr).toContain('mended order 2 is paid');
    writeFileSync(file, 'this is no code');
    await expect.poll(reloads).toBe(4);
    writeFileSync(file, code);
    await expect.poll(reloads).toBe(6);
    await send(order('3'));
    await expect.poll(() => keysOf('Orders')).toEqual(['1', '2', '3']);
  });

  it('injects faults into the functions of anyone, and lists each at the end', async () => {
    const faults = ['--fault', 'redeliver=0.5,regroup=0.3', '--fault', 'kill-after-commit=0.3,seed=7'];
    await up(example, '--parameter-overrides', 'BatchSize=3', ...faults);
    const ids = Array.from({ length: 30 }, (_, index) => String(index + 10));
    await send(...ids.map((id) => order(id)));
    await expect.poll(() => keysOf('Parcels')).toEqual(ids);
    application?.process.kill('SIGTERM');
    const end = await application?.ended;
    const { faults: injected } = JSON.parse(end?.stdout.trim().split('\n')[1] ?? '');
    expect(injected.seed).toBe(7);
    expect(Object.keys(injected.counts).sort()).toEqual(['kill-after-commit', 'redeliver', 'regroup']);
    const total = Object.values<number>(injected.counts).reduce((sum, count) => sum + count, 0);
    expect(injected.faults).toHaveLength(total);
    expect(injected.faults[0]).toEqual({
      kind: expect.any(String),
      at: expect.any(Number),
      functionId: expect.stringMatching(/^(KeepOrders|PackParcels)Function$/),
      mappingId: expect.stringMatching(/^(KeepOrdersFunctionIncoming|PackParcelsFunctionPaidOrders)$/),
      batch: {
        shardId: expect.any(String),
        firstSequenceNumber: expect.stringMatching(/^\d+$/),
        lastSequenceNumber: expect.stringMatching(/^\d+$/),
        records: expect.any(Number),
        attempt: 1,
      },
    });
  });

  it('says what is wrong with faults and runtime clients in one line', async () => {
    const template = ['--template', join(example, 'template.yaml')];
    const unknown = await runOncefold(['up', ...template, '--fault', 'earthquake=0.1']);
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('earthquake is no fault; there are kill-after-commit, lost-reply,');
    folder = mkdtempSync(join(tmpdir(), 'oncefold-'));
    cpSync(example, folder, { recursive: true });
    const copy = ['--template', join(folder, 'template.yaml')];
    const missing = await runOncefold(['up', ...copy, '--runtime-client', 'aws-lambda-ric']);
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain('aws-lambda-ric is not installed where');
  });

  it('ends with a standard input that is no pipe, too', async () => {
    const words = ['up', '--template', join(example, 'template.yaml'), '--until-stdin-ends'];
    // The standard input of these commands is /dev/null.
    expect((await runOncefold(words)).stderr).toContain('its standard input has ended');
  });
});
