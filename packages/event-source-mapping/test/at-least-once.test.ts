// Goal: show the documented rules of one page by examples. Method: the machine runs on a virtual clock against shards in
// memory; the tests look at what the function and the destination got to see.
import { describe, expect, it } from 'vitest';
import { batches, checkpoint, discarded, runMapping } from './run-mapping.ts';
import { epochMs, failure, record, sequenceNumber, shardWith, success } from './virtual-driver.ts';

describe('createMapping: at-least-once', () => {
  it('delivers a remembered batch again, at the next turn of its lane', () => {
    const settings = { batchSize: 2, behaviour: { rememberedBatchesMax: 1 } };
    let isDone = false;
    const driver = runMapping(settings, shardWith(4), ({ command }) => {
      const { invocationId } = command;
      const again = { type: 'redeliver', invocationId, delayMs: 0 } as const;
      const answer = isDone ? success : { ...success, after: [again] };
      isDone = true;
      return answer;
    });
    // The next batch is sent in the step that takes the first one's end; the redelivery has the turn after it.
    expect(batches(driver)).toEqual([
      [1, 2],
      [3, 4],
      [1, 2],
    ]);
    expect(driver.seen[2]?.command.isRedelivery).toBe(true);
    expect(driver.seen[2]?.command.payload).toBe(driver.seen[0]?.command.payload);
    expect(checkpoint(driver)).toBe(4);
  });

  it('delivers a batch again before anything later when the service loses note of its success', () => {
    const driver = runMapping({ batchSize: 2 }, shardWith(4), ({ command }) => ({
      outcome: {
        code: 'succeeded',
        isRedelivered: !command.isRedelivery && command.endSequenceNumber.endsWith('2'),
      },
    }));
    expect(batches(driver)).toEqual([
      [1, 2],
      [1, 2],
      [3, 4],
    ]);
    expect(driver.mapping.stats().redeliveries).toBe(1);
  });

  it('delivers the records again in other batches when the poller loses note of their success', () => {
    let isFirst = true;
    const driver = runMapping(
      { batchSize: 4, maximumRetryAttempts: 0 },
      shardWith(6),
      () => {
        const outcome = { code: 'succeeded', isRegrouped: isFirst } as const;
        isFirst = false;
        return { outcome };
      },
      { random: () => 0.25 },
    );
    expect(batches(driver)).toEqual([
      [1, 2, 3, 4],
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(discarded(driver)).toEqual([]);
    expect(driver.mapping.stats()).toMatchObject({ recordsSucceeded: 6, failures: 0 });
    expect(checkpoint(driver)).toBe(6);
  });

  it('cuts a failed batch anew once where asked, and counts the retry', () => {
    let calls = 0;
    const driver = runMapping(
      { batchSize: 4 },
      shardWith(4),
      () => {
        calls += 1;
        return calls > 2 ? success : { outcome: { code: 'failed', isRegrouped: calls === 1 } };
      },
      { random: () => 0.25 },
    );
    expect(batches(driver)).toEqual([
      [1, 2, 3, 4],
      [1, 2],
      [1, 2],
      [3, 4],
    ]);
    expect(driver.seen.map(({ command }) => command.retryAttempt)).toEqual([0, 1, 2, 1]);
  });

  it('keeps the state of a window as it was when the poller loses note of a success', () => {
    let calls = 0;
    const states: unknown[] = [];
    runMapping(
      { batchSize: 10, tumblingWindowInSeconds: 30 },
      shardWith(3),
      ({ event }) => {
        calls += 1;
        states.push(event.state);
        const responseText = JSON.stringify({ state: { calls } });
        return { outcome: { code: 'succeeded', responseText, isRegrouped: calls === 1 } };
      },
      { forMs: 1_000, random: () => 0.99 },
    );
    expect(states.slice(0, 2)).toEqual([{}, {}]);
  });

  it('delivers late, beside what runs by then', () => {
    const shard = shardWith(1);
    const driver = runMapping({ behaviour: { rememberedBatchesMax: 5 } }, shard, () => success, {
      forMs: 1_000,
    });
    driver.send({
      type: 'redeliver',
      invocationId: driver.seen[0]?.command.invocationId ?? 0,
      delayMs: 660_000,
    });
    expect(driver.mapping.isIdle()).toBe(false);
    shard.records.push(record(2, { atMs: epochMs + 2_000 }));
    driver.runUntil(epochMs + 700_000);
    expect(batches(driver)).toEqual([[1], [2], [1]]);
    expect(driver.seen[2]?.atMs).toBe(epochMs + 661_000);
    expect(driver.mapping.isIdle()).toBe(true);
  });

  it('ignores a redelivery of what is not remembered', () => {
    const driver = runMapping({}, shardWith(1), () => success);
    driver.send({ type: 'redeliver', invocationId: driver.seen[0]?.command.invocationId ?? 0, delayMs: 0 });
    driver.runUntil(epochMs + 100_000);
    expect(batches(driver)).toEqual([[1]]);
  });

  it('reads again after the checkpoint when a poller is replaced, and ignores the zombie', () => {
    let isFirst = true;
    const driver = runMapping(
      { batchSize: 4 },
      shardWith(6),
      ({ command }) => {
        const answer = isFirst ? { ...success, durationMs: 5_000 } : success;
        isFirst = false;
        return command.retryAttempt === 0 ? answer : success;
      },
      { forMs: 1_000 },
    );
    driver.send({ type: 'restart-shard', shardId: 'shardId-000000000000' });
    driver.runUntil(epochMs + 20_000);
    expect(batches(driver)).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [5, 6],
    ]);
    expect(checkpoint(driver)).toBe(6);
    expect(driver.mapping.isIdle()).toBe(true);
  });

  it('goes further back where asked, and cuts batches anew', () => {
    const shard = shardWith(5);
    const driver = runMapping({ batchSize: 3 }, shard, () => success, { forMs: 5_000 });
    driver.send({
      type: 'restart-shard',
      shardId: 'shardId-000000000000',
      afterSequenceNumber: sequenceNumber(1),
    });
    driver.runUntil(epochMs + 20_000);
    expect(batches(driver)).toEqual([[1, 2, 3], [4, 5], [2, 3, 4], [5]]);
  });

  it('loses nothing when a poller that began at LATEST is replaced before its first checkpoint', () => {
    const shard = shardWith(2);
    const settings = { startingPosition: 'LATEST' } as const;
    const driver = runMapping(settings, shard, () => failure, { forMs: 500 });
    shard.records.push(record(3));
    driver.runUntil(epochMs + 3_000);
    driver.send({ type: 'restart-shard', shardId: 'shardId-000000000000' });
    driver.runUntil(epochMs + 6_000);
    expect(new Set(batches(driver).flat())).toEqual(new Set([3]));
    expect(driver.seen.length).toBeGreaterThan(2);
  });

  it('lets two pollers run side by side from one position', () => {
    const shard = shardWith(4);
    const first = runMapping({ batchSize: 2 }, shard, () => success, { forMs: 1_000 });
    const second = runMapping({ batchSize: 3 }, shard, () => success, { checkpoints: new Map() });
    expect(batches(first).flat()).toEqual([1, 2, 3, 4]);
    expect(batches(second).flat()).toEqual([1, 2, 3, 4]);
  });
});
