// Goal: no message is lost or left behind when the function is throttled, the queue fails or the application stops.
// Method: a queue and a function in memory that answer as scripted; the real engine and processes are in test/.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PollerSet } from '../application/poller-set.ts';
import type { InvocationResult } from '../functions/invocation.ts';
import type { MappingEvent } from '../streams/mapping-event.ts';
import type { QueueApi } from './queue-api.ts';
import { type QueueDriverOptions, startQueueDriver } from './queue-driver.ts';

const SUCCEEDED: InvocationResult = { code: 'succeeded', payload: 'null', durationMs: 1 };
const THROTTLED: InvocationResult = {
  code: 'failed',
  cause: 'refused',
  errorType: 'TooManyRequestsException',
  errorMessage: 'Rate Exceeded.',
  stackTrace: [],
  durationMs: 0,
};

const FAILED: InvocationResult = {
  ...THROTTLED,
  cause: 'handler',
  errorType: 'Error',
  errorMessage: 'a defect',
};
const SETTINGS: QueueDriverOptions['settings'] = {
  enabled: true,
  batchSize: 10,
  maximumBatchingWindowInSeconds: 0,
  functionResponseTypes: [],
};

const reportsFailure = (itemIdentifier: string): InvocationResult => ({
  ...SUCCEEDED,
  payload: JSON.stringify({ batchItemFailures: [{ itemIdentifier }] }),
});

/** Each list of bodies is the answer to one receive request; after the last, requests wait until they are aborted. */
function drive(
  received: readonly (readonly string[])[],
  invoke: (count: number) => Promise<InvocationResult>,
  more: Partial<QueueDriverOptions> & {
    readonly api?: Partial<QueueApi>;
    readonly wrap?: (queue: QueueApi) => QueueApi;
  } = {},
) {
  const driven = {
    deleted: [] as string[],
    events: [] as MappingEvent[],
    failures: [] as Error[],
    payloads: [] as string[],
  };
  const answers = [...received];
  const wrap = more.wrap ?? ((queue) => queue);
  const driver = startQueueDriver({
    mappingId: 'Mapping',
    functionId: 'Function',
    queueName: 'jobs',
    queueArn: 'arn:aws:sqs:us-east-1:1:jobs',
    region: 'us-east-1',
    isFifo: false,
    visibilityTimeoutMs: 30_000,
    settings: SETTINGS,
    functionConcurrency: 5,
    invoke({ payload }) {
      driven.payloads.push(payload);
      return invoke(driven.payloads.length);
    },
    onEvent: (event) => driven.events.push(event),
    onFailed: (error) => driven.failures.push(error),
    ...more,
    queue: wrap({
      async receive({ signal }) {
        const bodies = answers.shift() ?? (await sleep(60_000, [], { signal }));
        return bodies.map((Body) => ({ MessageId: Body, ReceiptHandle: Body, Body }));
      },
      async delete(handles) {
        driven.deleted.push(...handles);
      },
      async makeVisible() {},
      count: async () => 0,
      ...more.api,
    }),
  });
  return { driver, ...driven };
}

describe('startQueueDriver', () => {
  it('tries a batch again for which the function is throttled, and deletes it then', async () => {
    const { driver, deleted, payloads } = drive([['a', 'b']], async (count) =>
      count <= 2 ? THROTTLED : SUCCEEDED,
    );
    await expect.poll(() => deleted).toEqual(['a', 'b']);
    expect(new Set(payloads).size).toBe(1);
    expect(payloads).toHaveLength(3);
    await driver.stop();
  });

  it('leaves a batch to the queue when the function is throttled until the visibility timeout', async () => {
    const { driver, deleted, payloads } = drive([['a']], async () => THROTTLED, { visibilityTimeoutMs: 250 });
    await expect.poll(() => payloads.length).toBe(2);
    await expect.poll(() => driver.hasOpenBatches()).toBe(false);
    expect(deleted).toEqual([]);
    await driver.stop();
  });

  it('reports a queue that cannot be used, once', async () => {
    const api = {
      receive: async () => {
        throw new Error('gone');
      },
    };
    const { driver, failures } = drive([], async () => SUCCEEDED, { api });
    await expect.poll(() => failures.map(({ message }) => message)).toEqual(['gone']);
    expect(driver.isIdle(0)).toBe(false);
    await driver.stop();
  });

  it('stops in the middle of a long poll, and only after what runs has ended', async () => {
    const answer = Promise.withResolvers<InvocationResult>();
    const { driver, deleted, payloads, failures } = drive([['a']], () => answer.promise);
    await expect.poll(() => payloads.length).toBe(1);
    expect(driver.backlog()).toMatchObject({ records: 1, oldestReadAt: expect.any(Number) });
    const stopped = driver.stop();
    answer.resolve(SUCCEEDED);
    await stopped;
    expect(deleted).toEqual(['a']);
    expect(failures).toEqual([]);
  });

  it('is idle only when the queue was seen empty after the time in question', async () => {
    let count = 1;
    const { driver } = drive([], async () => SUCCEEDED, { api: { count: async () => count } });
    const since = Date.now();
    expect(driver.isIdle(since)).toBe(false);
    await sleep(10);
    expect(driver.isIdle(since)).toBe(false);
    count = 0;
    await expect.poll(() => driver.isIdle(since)).toBe(true);
    await driver.stop();
  });

  it('lets no other queue be idle that was looked at before it moved its last message there', async () => {
    const counts = { jobs: 1, letters: 0 };
    const looks: string[] = [];
    const driverOf = (name: 'jobs' | 'letters') =>
      drive([], async () => SUCCEEDED, {
        api: {
          async count() {
            looks.push(`${name} ${counts[name]}`);
            return counts[name];
          },
        },
      }).driver;
    const pollers = new PollerSet();
    const [letters, jobs] = [driverOf('letters'), driverOf('jobs')];
    pollers.add('Letters', letters);
    pollers.add('Jobs', jobs);
    const since = Date.now() - 1_000;
    await expect
      .poll(() => {
        pollers.isIdle(since);
        return looks;
      })
      .toEqual(expect.arrayContaining(['letters 0', 'jobs 1']));
    // The redrive policy moves the message; nobody has received it from the other queue yet.
    Object.assign(counts, { jobs: 0, letters: 1 });
    await expect.poll(() => pollers.isIdle(since) || looks.includes('letters 1')).toBe(true);
    expect(looks).toContain('letters 1');
    expect(pollers.isIdle(since)).toBe(false);
    counts.letters = 0;
    await expect.poll(() => pollers.isIdle(since)).toBe(true);
    await Promise.all([letters.stop(), jobs.stop()]);
  });

  it('says the queue, the number of messages and the attempt of each invocation', async () => {
    const { driver, events } = drive([['a', 'b']], async () => SUCCEEDED);
    await expect
      .poll(() => events.map(({ type }) => type))
      .toEqual(['invocation-started', 'invocation-succeeded']);
    expect(events[0]).toMatchObject({ mappingId: 'Mapping', shardId: 'jobs', records: 2, attempt: 1 });
    await driver.stop();
  });

  it('runs the batches into which the size cuts messages of a FIFO queue one after the other', async () => {
    const gate = Promise.withResolvers<InvocationResult>();
    const bodies = ['a'.repeat(4e6), 'b'.repeat(4e6)];
    const { driver, deleted, payloads } = drive(
      [bodies],
      (count) => (count === 1 ? gate.promise : Promise.resolve(SUCCEEDED)),
      { isFifo: true },
    );
    await expect.poll(() => payloads.length).toBe(1);
    await sleep(20);
    expect(payloads).toHaveLength(1);
    gate.resolve(SUCCEEDED);
    await expect.poll(() => deleted.length).toBe(2);
    expect(deleted).toEqual(bodies);
    await driver.stop();
  });

  it.each([
    ['fails', FAILED, []],
    ['reports the message', reportsFailure('a'.repeat(4e6)), ['ReportBatchItemFailures'] as const],
  ])('leaves later messages of a FIFO group to the queue when the function %s', async (_, result, types) => {
    for (const functionConcurrency of [1, 5]) {
      let receives = 0;
      // A FIFO queue gives out nothing more of a group that is in flight.
      const wrap = (queue: QueueApi): QueueApi => ({
        ...queue,
        async receive(request) {
          receives += 1;
          while (receives > 1 && driven.driver.hasOpenBatches()) {
            await sleep(1);
          }
          return queue.receive(request);
        },
      });
      const settings = { ...SETTINGS, functionResponseTypes: types };
      const driven = drive(
        [['a'.repeat(4e6), 'b'.repeat(4e6)], ['again']],
        async (count) => (count === 1 ? result : SUCCEEDED),
        { isFifo: true, functionConcurrency, settings, wrap },
      );
      const { driver, deleted, payloads } = driven;
      await expect.poll(() => deleted).toContain('again');
      await expect.poll(() => driver.hasOpenBatches()).toBe(false);
      // What is received after the failure is delivered as ever.
      expect(deleted).toEqual(['again']);
      expect(payloads).toHaveLength(2);
      await driver.stop();
    }
  });

  it.each(['receive', 'delete', 'count'] as const)(
    'sends %s again after transient failures, and says so',
    async (request) => {
      let failures = 0;
      const {
        driver,
        deleted,
        events,
        failures: ends,
      } = drive([['a']], async () => SUCCEEDED, {
        wrap: (queue) => ({
          ...queue,
          async [request](argument: never) {
            if (failures < 3) {
              failures += 1;
              throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
            }
            return (queue[request] as (argument: never) => Promise<never>)(argument);
          },
        }),
      });
      const sinceMs = Date.now() - 1;
      await expect.poll(() => deleted).toEqual(['a']);
      await expect.poll(() => driver.isIdle(sinceMs)).toBe(true);
      expect(events.filter(({ type }) => type === 'queue-request-retried')).toEqual(
        Array.from({ length: 3 }, () => expect.objectContaining({ request, queueName: 'jobs' })),
      );
      expect(ends).toEqual([]);
      await driver.stop();
    },
  );

  it('gives up after eight failures in a row', async () => {
    const receive = async () => {
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    };
    const { driver, events, failures } = drive([], async () => SUCCEEDED, { api: { receive } });
    await expect.poll(() => failures.map(({ message }) => message)).toEqual(['reset']);
    expect(events).toHaveLength(7);
    await driver.stop();
  });

  it('reports a message that cannot be deleted while it stops', async () => {
    const answer = Promise.withResolvers<InvocationResult>();
    const api = {
      delete: async (handles: readonly string[]) => {
        if (handles.length > 0) {
          throw new Error('not deleted');
        }
      },
    };
    const { driver, payloads, failures } = drive([['a']], () => answer.promise, { api });
    await expect.poll(() => payloads.length).toBe(1);
    const stopped = driver.stop();
    answer.resolve(SUCCEEDED);
    await stopped;
    expect(failures.map(({ message }) => message)).toEqual(['not deleted']);
  });
});
