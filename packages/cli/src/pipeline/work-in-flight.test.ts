import { describe, expect, it } from 'vitest';
import { watchWorkInFlight } from './work-in-flight.ts';

const batch = (requestId: string, shardId = 's') => ({
  functionId: 'f',
  requestId,
  mappingId: 'm',
  shardId,
  records: 1,
  attempt: 1,
});
const started = (id: string, shard?: string) =>
  ({ type: 'invocation-started', at: 1, ...batch(id, shard) }) as const;
const succeeded = (id: string, shard?: string, itemFailures = 0) =>
  ({ type: 'invocation-succeeded', at: 2, durationMs: 1, itemFailures, ...batch(id, shard) }) as const;
const failed = (id: string, shard?: string) =>
  ({
    type: 'invocation-failed',
    at: 3,
    durationMs: 1,
    errorType: 'E',
    errorMessage: '',
    ...batch(id, shard),
  }) as const;

describe('watchWorkInFlight', () => {
  it('knows what is in flight', () => {
    const work = watchWorkInFlight();
    expect(work.isAny()).toBe(false);
    work.note(started('a'));
    work.note(started('b', 't'));
    work.note(succeeded('a'));
    expect(work.isAny()).toBe(true);
    work.note(succeeded('b', 't'));
    expect(work.isAny()).toBe(false);
    expect(work.lastEndedAt).toBe(2);
  });

  it('waits for a failed batch until its shard has gone on', () => {
    const work = watchWorkInFlight();
    for (const event of [started('a'), failed('a')]) {
      work.note(event);
    }
    expect(work.isAny()).toBe(true);
    for (const event of [started('b', 't'), succeeded('b', 't')]) {
      work.note(event);
    }
    expect(work.isAny()).toBe(true);
    for (const event of [started('c'), succeeded('c', 's', 1)]) {
      work.note(event);
    }
    expect(work.isAny()).toBe(true);
    for (const event of [started('d'), succeeded('d')]) {
      work.note(event);
    }
    expect(work.isAny()).toBe(false);
  });
});
