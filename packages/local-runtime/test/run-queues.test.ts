// Goal: functions get what their queues hold as Lambda would hand it to them, and messages that they cannot process go where they belong.
// Method: the real queue engine, real function processes; each handler writes down what it saw. Timeouts are two seconds.
import { SqsSchema } from '@aws-lambda-powertools/parser/schemas/sqs';
import { freshCredentials } from '@oncefold/engines';
import { useSqs } from '@oncefold/engines/vitest';
import { afterEach, describe, expect, it } from 'vitest';
import { createFaultInjector } from '../src/fault-injection/fault-injector.ts';
import { addFaults } from '../src/fault-injection/fault-settings.ts';
import { type QueueApplication, runQueueApplication } from './run-queue-application.ts';

const sqs = useSqs();
let started: QueueApplication[] = [];

afterEach(async () => {
  await Promise.all(started.map(({ running }) => running.stop()));
  started = [];
});

type Options = Omit<Parameters<typeof runQueueApplication>[0], 'endpoints' | 'credentials'>;

async function run(options: Options): Promise<QueueApplication> {
  // No function here uses a table or a stream.
  const nowhere = 'http://127.0.0.1:9';
  const application = await runQueueApplication({
    endpoints: { dynamodb: nowhere, kinesis: nowhere, sqs: sqs.endpoint },
    credentials: freshCredentials(),
    ...options,
  });
  started.push(application);
  return application;
}

interface Seen {
  readonly bodies: string[];
}

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name} ${index}`);
const bodiesOf = (application: QueueApplication): string[] =>
  application.logged<Seen>().flatMap(({ bodies }) => bodies);

describe('a function that is fed from a queue', () => {
  it.each([false, true])(
    'gets events as Lambda makes them, and each message once (FIFO: %s)',
    async (isFifo) => {
      const application = await run({ handler: 'queues.describeEvent', isFifo });
      await application.send('one');
      await application.running.whenIdle();
      const [line, ...more] = application.logged<{ event: unknown }>();
      expect(more).toEqual([]);
      const { Records } = SqsSchema.parse(line?.event);
      expect(Records).toHaveLength(1);
      expect(Records[0]).toMatchObject({
        body: 'one',
        eventSource: 'aws:sqs',
        eventSourceARN: expect.stringMatching(/^arn:aws:sqs:us-east-1:\d{12}:jobs-/),
        awsRegion: 'us-east-1',
        messageAttributes: {},
        attributes: {
          ApproximateReceiveCount: '1',
          ...(isFifo && {
            MessageGroupId: 'o',
            SequenceNumber: expect.stringMatching(/^\d+$/),
            MessageDeduplicationId: expect.any(String),
          }),
        },
      });
    },
  );

  it('gets a failed batch again after the visibility timeout, until its messages go to the dead-letter queue', async () => {
    const application = await run({ handler: 'queues.failOnBad', settings: { batchSize: 1 } });
    await application.send('good', 'bad');
    await application.running.whenIdle();
    expect(bodiesOf(application).sort()).toEqual(['bad', 'bad', 'good']);
    expect((await application.receiveDeadLetters()).map(({ Body }) => Body)).toEqual(['bad']);
    const attempts = application.events.flatMap((event) =>
      event.type === 'invocation-failed' ? [event.attempt] : [],
    );
    expect(attempts).toEqual([1, 2]);
  });

  it('gets only those messages again that it reports, whatever else the batch held', async () => {
    const application = await run({
      handler: 'queues.reportBad',
      settings: { functionResponseTypes: ['ReportBatchItemFailures'], maximumBatchingWindowInSeconds: 1 },
    });
    await application.send('good', 'bad 1', 'bad 2');
    await application.running.whenIdle();
    const counts = Map.groupBy(bodiesOf(application), (body) => body);
    expect([...counts].map(([body, times]) => [body, times.length]).sort()).toEqual([
      ['bad 1', 2],
      ['bad 2', 2],
      ['good', 1],
    ]);
    expect((await application.receiveDeadLetters()).map(({ Body }) => Body).sort()).toEqual([
      'bad 1',
      'bad 2',
    ]);
  });

  it('never sees what its filter drops, which leaves the queue', async () => {
    const application = await run({
      handler: 'queues.collect',
      settings: { filterCriteria: { filters: [{ pattern: '{"body":{"status":["paid"]}}' }] } },
    });
    await application.send('{"status":"open"}', '{"status":"paid"}', 'paid');
    await application.running.whenIdle();
    expect(bodiesOf(application)).toEqual(['{"status":"paid"}']);
  });

  it('gets more than ten messages at once within a batching window', async () => {
    const application = await run({
      handler: 'queues.collect',
      settings: { batchSize: 100, maximumBatchingWindowInSeconds: 1 },
      sentBefore: numbered('job', 25),
    });
    await application.running.whenIdle();
    expect(bodiesOf(application).sort()).toEqual(numbered('job', 25).sort());
    expect(Math.max(...application.logged<Seen>().map(({ bodies }) => bodies.length))).toBeGreaterThan(10);
  });

  it('has at most as many batches at a time as the mapping allows', async () => {
    const application = await run({
      handler: 'queues.takeTime',
      settings: { batchSize: 1, maximumConcurrency: 2 },
      sentBefore: numbered('job', 12),
    });
    await application.running.whenIdle();
    let running = 0;
    const counts = application.events.flatMap((event) => {
      running += event.type === 'invocation-started' ? 1 : event.type === 'invocation-succeeded' ? -1 : 0;
      return running;
    });
    expect(Math.max(...counts)).toBe(2);
  });

  it('gets the messages of a group in order, and one batch of a group at a time', async () => {
    const sentBefore = numbered('a', 7).concat(numbered('b', 7));
    const application = await run({
      handler: 'queues.takeTime',
      isFifo: true,
      settings: { batchSize: 3 },
      sentBefore,
    });
    await application.running.whenIdle();
    const lines = application.logged<{ begin?: string[]; end?: string[] }>();
    const begun = lines.flatMap(({ begin = [] }) => begin);
    const busy = new Set<string>();
    for (const { begin, end } of lines) {
      const groups = new Set((begin ?? end ?? []).map((body) => body.slice(0, 1)));
      for (const group of groups) {
        expect(busy.has(group)).toBe(begin === undefined);
        busy[begin === undefined ? 'delete' : 'add'](group);
      }
    }
    for (const group of ['a', 'b']) {
      expect(begun.filter((body) => body.startsWith(group))).toEqual(numbered(group, 7));
    }
    // Messages of one group come together.
    expect(lines.some(({ begin = [] }) => begin.filter((body) => body.startsWith('a')).length > 1)).toBe(
      true,
    );
  });

  it('is not idle while its queue holds a message, be it delayed', async () => {
    const application = await run({ handler: 'queues.collect', queue: { delaySeconds: 1 } });
    await application.send('later');
    await application.running.whenIdle();
    expect(bodiesOf(application)).toEqual(['later']);
    expect(application.running.backlog('Worker')).toMatchObject({ records: 0, oldestReadAt: undefined });
    expect(application.running.hasOpenBatches()).toBe(false);
  });

  it('is refused where it may run longer than its messages stay invisible', async () => {
    await expect(run({ handler: 'queues.collect', queue: { visibilityTimeoutSeconds: 1 } })).rejects.toThrow(
      /the visibility timeout of Jobs \(1 s\) is less than the timeout of Worker \(2 s\)/,
    );
  });
});

describe('faults of a queue', () => {
  it.each([
    ['redeliver', false],
    ['redeliver', true],
    ['regroup', false],
    ['regroup', true],
    ['late-retry', false],
  ] as const)('%s gives a batch to the function once more (FIFO: %s)', async (kind, isFifo) => {
    const faults = createFaultInjector(addFaults(`${kind}=1,seed=1`));
    const application = await run({
      handler: 'queues.collect',
      isFifo,
      // A message that is received again for a fault may not become a dead letter because of that.
      maxReceiveCount: 1_000,
      more: { faults: { ...faults, processEnvironment: () => ({}) } },
    });
    await application.send('a1', 'a2');
    await application.running.whenIdle();
    expect(bodiesOf(application).sort()).toEqual(['a1', 'a1', 'a2', 'a2']);
    expect(faults.injected().counts[kind]).toBeGreaterThan(0);
  });

  it('kill-after-commit gives a batch to the function again after the visibility timeout', async () => {
    const faults = createFaultInjector(addFaults('kill-after-commit=0.5,seed=1'));
    const application = await run({
      handler: 'queues.collect',
      settings: { batchSize: 1 },
      maxReceiveCount: 1_000,
      more: { faults: { ...faults, processEnvironment: () => ({}) } },
    });
    await application.send(...numbered('job', 2));
    await application.running.whenIdle();
    expect([...new Set(bodiesOf(application))].sort()).toEqual(numbered('job', 2));
    const { counts } = faults.injected();
    expect(bodiesOf(application)).toHaveLength(2 + (counts['kill-after-commit'] ?? 0));
    expect(counts['kill-after-commit']).toBeGreaterThan(0);
  });
});
