// Goal: show the documented rules of tumbling windows by examples. Method: a virtual clock; the function keeps a sum in
// the state, as a real one would.
import { describe, expect, it } from 'vitest';
import { batches, checkpoint, discarded, numbersOf, runMapping } from './run-mapping.ts';
import {
  type Answer,
  epochMs,
  failure,
  record,
  respond,
  type Seen,
  sequenceNumber,
  shardWith,
  success,
  type VirtualShard,
} from './virtual-driver.ts';

const minute = 60_000;

describe('createMapping: tumbling window', () => {
  it('never mixes windows in a batch and passes the state on from one invocation to the next', () => {
    const shard = shardWithTimes([0, 10, 20, 70, 80]);
    const driver = runMapping({ tumblingWindowInSeconds: 60, batchSize: 2 }, shard, sum, { forMs: 10_000 });
    expect(driver.seen.map(summary)).toEqual([
      { records: [1, 2], state: {}, isFinal: false, start: '2025-01-01T00:00:00Z' },
      { records: [3], state: { total: 3 }, isFinal: false, start: '2025-01-01T00:00:00Z' },
      { records: [], state: { total: 6 }, isFinal: true, start: '2025-01-01T00:00:00Z' },
      { records: [4, 5], state: {}, isFinal: false, start: '2025-01-01T00:01:00Z' },
    ]);
  });

  it('writes the window, the shard and the stream into the event', () => {
    const driver = runMapping({ tumblingWindowInSeconds: 120 }, shardWithTimes([0]), sum, { forMs: 1_000 });
    expect(driver.seen[0]?.event).toMatchObject({
      window: { start: '2025-01-01T00:00:00Z', end: '2025-01-01T00:02:00Z' },
      state: {},
      shardId: 'shardId-000000000000',
      eventSourceARN: 'arn:aws:kinesis:us-east-1:123456789012:stream/orders',
      isFinalInvokeForWindow: false,
      isWindowTerminatedEarly: false,
    });
  });

  it('ends a window when the shard has been quiet for long enough after it', () => {
    const driver = runMapping({ tumblingWindowInSeconds: 60 }, shardWithTimes([5]), sum, {
      forMs: 10 * minute,
    });
    expect(driver.seen).toHaveLength(2);
    expect(driver.seen[1]?.event.isFinalInvokeForWindow).toBe(true);
    expect(driver.seen[1]?.atMs).toBeGreaterThanOrEqual(epochMs + 3 * minute);
    expect(driver.seen[1]?.atMs).toBeLessThan(epochMs + 3 * minute + 2_000);
    expect(driver.mapping.isIdle()).toBe(true);
  });

  it('ends a window with its shard', () => {
    const shard = { ...shardWithTimes([5]), isClosed: true };
    const driver = runMapping({ tumblingWindowInSeconds: 60 }, shard, sum, { forMs: 1_000 });
    expect(driver.seen.map((seen) => seen.event.isFinalInvokeForWindow)).toEqual([false, true]);
    expect(driver.commands.some(({ type }) => type === 'shard-drained')).toBe(true);
  });

  it('ends a window early when its state is too large, and begins the same window with a fresh state', () => {
    const settings = { tumblingWindowInSeconds: 60, batchSize: 1, behaviour: { windowStateBytesMax: 20 } };
    const large = respond({ state: { text: 'larger than the limit allows' } });
    const driver = runMapping(
      settings,
      shardWithTimes([1, 2]),
      (seen) => (numbersOf(seen)[0] === 1 ? large : sum(seen)),
      {
        forMs: 5_000,
      },
    );
    expect(
      driver.seen.map(({ event }) => [event.isFinalInvokeForWindow, event.isWindowTerminatedEarly]),
    ).toEqual([
      [false, false],
      [true, true],
      [false, false],
    ]);
    expect(driver.seen[2]?.event.state).toEqual({});
  });

  it.each([
    ['null', success],
    ['an object without state', respond({ batchItemFailures: [] })],
    ['a null state', respond({ state: null })],
  ])('takes %s for a failed invocation', (_name, answer) => {
    const settings = { tumblingWindowInSeconds: 60, maximumRetryAttempts: 1 };
    const driver = runMapping(settings, shardWithTimes([1]), () => answer, { forMs: 5_000 });
    expect(batches(driver)).toEqual([[1], [1]]);
    expect(discarded(driver)).toHaveLength(1);
  });

  it('stands still while the last invocation of a window fails', () => {
    const driver = runMapping(
      { tumblingWindowInSeconds: 60 },
      shardWithTimes([1, 61]),
      (seen) =>
        seen.event.isFinalInvokeForWindow === true && seen.command.retryAttempt < 3 ? failure : sum(seen),
      { forMs: minute },
    );
    expect(batches(driver)).toEqual([[1], [], [], [], [], [2]]);
  });

  it('keeps the sum of what a partial response has accepted', () => {
    const settings = {
      tumblingWindowInSeconds: 60,
      functionResponseTypes: ['ReportBatchItemFailures'],
    } as const;
    let isFirst = true;
    const driver = runMapping(
      settings,
      shardWithTimes([1, 2, 3]),
      (seen) => {
        if (!isFirst) {
          return sum(seen);
        }
        isFirst = false;
        return respond({ state: { total: 3 }, batchItemFailures: [{ itemIdentifier: sequenceNumber(3) }] });
      },
      { forMs: 5_000 },
    );
    expect(driver.seen.map(summary).map(({ records, state }) => ({ records, state }))).toEqual([
      { records: [1, 2, 3], state: {} },
      { records: [3], state: { total: 3 } },
    ]);
  });

  it('can give the last records with the last event', () => {
    const settings = { tumblingWindowInSeconds: 60, behaviour: { finalInvocation: 'with-records' } } as const;
    const driver = runMapping(settings, shardWithTimes([1, 2, 61]), sum, { forMs: 5_000 });
    expect(driver.seen.map(summary).map(({ records, isFinal }) => ({ records, isFinal }))).toEqual([
      { records: [1, 2], isFinal: true },
      { records: [3], isFinal: false },
    ]);
  });

  it('checkpoints a window when it is over, so that a new poller sums all of it again', () => {
    const shard = shardWithTimes([1, 2]);
    const driver = runMapping({ tumblingWindowInSeconds: 60, batchSize: 1 }, shard, sum, { forMs: 5_000 });
    expect(checkpoint(driver)).toBe(0);
    driver.send({ type: 'restart-shard', shardId: shard.shardId });
    driver.runUntil(epochMs + 10 * minute);
    const last = driver.seen.at(-1);
    expect(last?.event).toMatchObject({ isFinalInvokeForWindow: true, state: { total: 3 } });
    expect(checkpoint(driver)).toBe(2);
  });

  it('gives up a window whose last event fails for longer than records live', () => {
    const settings = { tumblingWindowInSeconds: 60, maximumRecordAgeInSeconds: 60 };
    const driver = runMapping(
      settings,
      { ...shardWithTimes([1]), isClosed: true },
      (seen) => (seen.event.isFinalInvokeForWindow === true ? failure : sum(seen)),
      { forMs: 5 * minute },
    );
    expect(discarded(driver)).toEqual([{ from: 1, to: 1, condition: 'RecordAgeExceeded' }]);
    expect(driver.mapping.isIdle()).toBe(true);
  });
});

/** Records with arrival times in seconds after the epoch of the tests. */
function shardWithTimes(seconds: readonly number[]): VirtualShard {
  const shard = shardWith(0);
  seconds.forEach((second, index) => {
    shard.records.push(record(index + 1, { atMs: epochMs + second * 1_000 }));
  });
  return shard;
}

/** Adds the numbers of the records to the state. */
function sum(seen: Seen): Answer {
  const before = seen.event.state?.['total'] ?? 0;
  return respond({ state: { total: numbersOf(seen).reduce((total, number) => total + number, before) } });
}

function summary(seen: Seen): {
  records: number[];
  state: unknown;
  isFinal: boolean | undefined;
  start: string | undefined;
} {
  const { state, isFinalInvokeForWindow, window } = seen.event;
  return { records: numbersOf(seen), state, isFinal: isFinalInvokeForWindow, start: window?.start };
}
