// Goal: what a stream's function cannot process reaches a queue of the template, the function of that queue, and its dead-letter queue.
// Method: an application of two functions and three queues as a process of its own; plain SDK clients send and receive what others would.
import { fileURLToPath } from 'node:url';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import {
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, describe, expect, it } from 'vitest';
import type { Ready } from './support/outside-producer.ts';
import { type Oncefold, startOncefold } from './support/run-oncefold.ts';

const template = fileURLToPath(new URL('./fixtures/queues/template.yaml', import.meta.url));

let application: Oncefold | undefined;
let clients: { readonly kinesis: KinesisClient; readonly sqs: SQSClient } | undefined;

async function up(...words: string[]): Promise<{ readonly kinesis: KinesisClient; readonly sqs: SQSClient }> {
  application = startOncefold(['up', '--json', '--template', template, ...words]);
  const ready: Ready & { readonly sqs: string } = JSON.parse(await application.line(() => true));
  const { region, accessKeyId, secretAccessKey } = ready;
  const settings = { region, credentials: { accessKeyId, secretAccessKey } };
  clients = {
    kinesis: new KinesisClient({
      ...settings,
      endpoint: ready.kinesis,
      requestHandler: new NodeHttpHandler(),
    }),
    sqs: new SQSClient({ ...settings, endpoint: ready.sqs }),
  };
  return clients;
}

async function urlOf(sqs: SQSClient, QueueName: string): Promise<string | undefined> {
  return (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
}

/** Takes what is in a queue; nothing here is deleted, so each message comes once. */
async function receive(sqs: SQSClient, name: string): Promise<readonly unknown[]> {
  const QueueUrl = await urlOf(sqs, name);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = '' }) => JSON.parse(Body) as unknown);
}

describe('oncefold up --template, with queues', () => {
  afterEach(async () => {
    clients?.kinesis.destroy();
    clients?.sqs.destroy();
    application?.process.kill('SIGTERM');
    await application?.ended;
  });

  it('sends discarded batches to a queue, feeds its function, and moves what that gives back to a dead-letter queue', async () => {
    const { kinesis, sqs } = await up();
    const Records = ['fine', 'broken', 'fine'].map((text) => ({
      Data: Buffer.from(text),
      PartitionKey: '1',
    }));
    await kinesis.send(new PutRecordsCommand({ StreamName: 'Readings', Records }));
    const MessageBody = '{"unknown":true}';
    await sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(sqs, 'Refused'), MessageBody }));

    const reports: unknown[] = [];
    await expect
      .poll(async () => {
        reports.push(...(await receive(sqs, 'Reports')));
        return reports;
      })
      .toMatchObject([{ condition: 'RetryAttemptsExhausted', approximateInvokeCount: 1, readings: 1 }]);
    await expect.poll(() => receive(sqs, 'Unsolved')).toEqual([{ unknown: true }]);

    const arn = 'arn:aws:sqs:us-east-1:000000000000:Refused';
    const told = application?.output().stderr ?? '';
    expect(told).toContain(`KeepFunction gave up a batch; to the queue ${arn}: {`);
    expect(told).not.toContain('not emulated');
    application?.process.kill('SIGTERM');
    const end = await application?.ended;
    expect(end?.status).toBe(0);
    expect(JSON.parse(end?.stdout.trim().split('\n')[1] ?? '')).toEqual({
      ended: true,
      destinations: [{ kind: 'sqs', arn, documents: 1, isSent: true }],
    });
  });

  it('delivers each message of a queue at least once under faults, and names them', async () => {
    const { sqs } = await up(
      '--fault',
      'redeliver=0.5,regroup=0.3,late-retry=0.3,kill-after-commit=0.2,seed=3',
    );
    const QueueUrl = await urlOf(sqs, 'Refused');
    const ids = Array.from({ length: 12 }, (_, index) => `request-${index}`);
    for (const requestId of ids) {
      const MessageBody = JSON.stringify({
        requestContext: { requestId },
        KinesisBatchInfo: { batchSize: 1 },
      });
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    }
    const reported = new Map<string, number>();
    const missing = async (): Promise<readonly string[]> => {
      for (const report of await receive(sqs, 'Reports')) {
        const { requestId } = report as { readonly requestId: string };
        reported.set(requestId, (reported.get(requestId) ?? 0) + 1);
      }
      for (const dead of await receive(sqs, 'Unsolved')) {
        // A process that is killed twice with a message makes it a dead letter.
        reported.set((dead as { requestContext: { requestId: string } }).requestContext.requestId, 1);
      }
      return ids.filter((id) => !reported.has(id));
    };
    await expect.poll(missing).toEqual([]);
    application?.process.kill('SIGTERM');
    const end = await application?.ended;
    const { faults } = JSON.parse(end?.stdout.trim().split('\n')[1] ?? '');
    expect(Object.keys(faults.counts).length).toBeGreaterThan(0);
    expect(faults.faults[0]).toMatchObject({
      functionId: 'ReviewFunction',
      mappingId: 'ReviewFunctionRefused',
      batch: { shardId: 'Refused', firstSequenceNumber: expect.stringMatching(/^[\da-f-]{36}$/) },
    });
  });
});
