// Goal: a test in any language waits for the streams of `oncefold up`, reads what happened, and ends it.
// Method: the example as a process of its own; everything over HTTP.
import { fileURLToPath } from 'node:url';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Oncefold, startOncefold } from './support/run-oncefold.ts';

const template = fileURLToPath(new URL('../../../examples/orders/template.yaml', import.meta.url));

let application: Oncefold;
let control: string;
let kinesis: KinesisClient;

beforeAll(async () => {
  application = startOncefold(['up', '--json', '--template', template, '--fault', 'redeliver=1,seed=7']);
  const ready = JSON.parse(await application.line(() => true));
  control = ready.control;
  const { region, accessKeyId, secretAccessKey } = ready;
  kinesis = new KinesisClient({
    endpoint: ready.kinesis,
    region,
    credentials: { accessKeyId, secretAccessKey },
    requestHandler: new NodeHttpHandler(),
  });
});
afterAll(async () => {
  kinesis.destroy();
  application.process.kill('SIGTERM');
  await application.ended;
});

async function put(...texts: string[]): Promise<void> {
  const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: 'p' }));
  await kinesis.send(new PutRecordsCommand({ StreamName: 'OrderEvents', Records }));
}

async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${control}${path}`, init);
  return { status: response.status, body: await response.json() };
}

const post = (body: unknown = {}): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });
const order = (orderId: string): string =>
  JSON.stringify({ orderId, version: 1, status: 'paid', address: 'Street 1' });

describe('the control endpoint', () => {
  it('waits until everything has gone through, and shows it', async () => {
    await put(order('1'), 'nonsense');
    expect(await ask('/wait-until-idle', post({ timeoutMs: 100_000 }))).toEqual({
      status: 200,
      body: { idle: true },
    });
    expect((await ask('/invocations')).body).toMatchObject({
      invocations: expect.arrayContaining([
        expect.objectContaining({ functionId: 'PackParcelsFunction', outcome: 'succeeded' }),
        expect.objectContaining({
          functionId: 'KeepOrdersFunction',
          outcome: 'failed',
          error: expect.objectContaining({ errorType: 'SyntaxError' }),
        }),
      ]),
    });
    expect((await ask('/destinations')).body).toMatchObject({
      destinations: [{ functionId: 'KeepOrdersFunction', kind: 'sqs' }],
    });
    expect((await ask('/logs')).body).toMatchObject({
      logs: expect.arrayContaining([expect.objectContaining({ line: 'parcel for order 1' })]),
    });
    expect((await ask('/faults')).body).toMatchObject({
      seed: 7,
      faults: expect.arrayContaining([expect.objectContaining({ kind: 'redeliver' })]),
      counts: { redeliver: expect.any(Number) },
    });
  });

  it('answers at the time limit with what is not idle', async () => {
    await put(order('2'));
    expect(await ask('/wait-until-idle', post({ timeoutMs: 1 }))).toEqual({
      status: 200,
      body: { idle: false, code: 'not-idle', message: expect.stringContaining('is not idle after 1 ms: ') },
    });
  });

  it.each([
    [
      'an option that it does not know',
      '/wait-until-idle',
      post({ timeout: 1 }),
      400,
      /^Unrecognized.*timeout"$/,
    ],
    ['a wait without end', '/wait-until-idle', post({ timeoutMs: 600_001 }), 400, /^timeoutMs: .*600000$/],
    [
      'what is no object',
      '/wait-until-idle',
      post([]),
      400,
      /^Invalid input: expected object, received array$/,
    ],
    ['what is no JSON', '/wait-until-idle', { method: 'POST', body: '{' }, 400, /^the body is no JSON$/],
    [
      'a body without end',
      '/wait-until-idle',
      { method: 'POST', body: ' '.repeat(20_000) },
      400,
      /^the body has more than 10000 bytes$/,
    ],
    ['another method', '/wait-until-idle', {}, 405, /POST/],
    ['another path', '/constructor', {}, 404, /there are \/wait-until-idle/],
    [
      'a page of another origin',
      '/stop',
      { ...post(), headers: { origin: 'https://evil.example' } },
      403,
      /./,
    ],
  ])('refuses %s', async (_, path, init, status, message) => {
    expect(await ask(path, init)).toEqual({ status, body: { message: expect.stringMatching(message) } });
  });

  it('answers who waits when the command ends', async () => {
    const own = startOncefold(['up', '--json', '--template', template]);
    const { control: at, kinesis: endpoint } = JSON.parse(await own.line(() => true));
    const failing = new KinesisClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestHandler: new NodeHttpHandler(),
    });
    const Records = [{ Data: Buffer.from('nonsense'), PartitionKey: 'p' }];
    await failing.send(new PutRecordsCommand({ StreamName: 'OrderEvents', Records }));
    const waiting = fetch(`${at}/wait-until-idle`, post({ timeoutMs: 100_000, attemptsMax: 1_000 }));
    // The wait is known to be open: a request after it has been answered.
    await fetch(`${at}/logs`);
    own.process.kill('SIGTERM');
    expect(await (await waiting).json()).toMatchObject({ idle: false, code: 'stopped' });
    expect((await own.ended).status).toBe(0);
    failing.destroy();
  });

  it('ends the command in order', async () => {
    // A teardown that is run twice, say: the second request is no order to end at once.
    const [first] = await Promise.allSettled([ask('/stop', post()), ask('/stop', post())]);
    expect(first).toMatchObject({ value: { status: 202, body: { stopping: true } } });
    const { status, stdout } = await application.ended;
    expect(status).toBe(0);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ ended: true });
  });
});
