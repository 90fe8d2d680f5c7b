// Goal: whatever fails, and in whatever order, the mapping keeps its promises. Method: fast-check draws settings, shards
// and a seed; the seed decides over failures, throttles, partial responses, redeliveries, replaced pollers, failing
// reads and destinations on a virtual clock. A failing case is printed with its seed and can be run again.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MappingSettings } from '../src/types.ts';
import { discarded, numbersOf, runMapping } from './run-mapping.ts';
import {
  type Answer,
  createVirtualDriver,
  epochMs,
  failure,
  kinesisSettings,
  record,
  respond,
  type Seen,
  seededRandom,
  shardWith,
  success,
  type VirtualDriver,
  type VirtualShard,
} from './virtual-driver.ts';

interface Case {
  readonly seed: number;
  readonly settings: Partial<MappingSettings>;
  readonly counts: readonly [number, number, number];
  readonly failurePercent: number;
}

const cases = fc.record({
  seed: fc.integer(),
  counts: fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)),
  failurePercent: fc.constantFrom(0, 10, 40),
  settings: fc.record({
    batchSize: fc.constantFrom(1, 2, 7, 100),
    maximumBatchingWindowInSeconds: fc.constantFrom(0, 1),
    maximumRetryAttempts: fc.constantFrom(-1, 0, 1, 4),
    maximumRecordAgeInSeconds: fc.constantFrom(-1, 60),
    bisectBatchOnFunctionError: fc.boolean(),
    functionResponseTypes: fc.constantFrom([], ['ReportBatchItemFailures' as const]),
    parallelizationFactor: fc.constantFrom(1, 2, 5),
    destinationConfig: fc.constantFrom(
      {},
      { onFailure: { destination: 'arn:aws:sqs:us-east-1:123456789012:failed' } },
    ),
    behaviour: fc.record({
      retryGrouping: fc.constantFrom('same' as const, 'recut' as const),
      retriesAfterProgress: fc.constantFrom('continue' as const, 'restart' as const),
      unknownItemIdentifier: fc.constantFrom('whole-batch' as const, 'position' as const),
      reportAtFirstRecord: fc.constantFrom('halve' as const, 'retry-whole' as const),
      readLimit: fc.constantFrom(3, 1_000),
      bufferedRecordsMax: fc.constantFrom(10, 1_000),
      payloadBytesMax: fc.constantFrom(3_000, 6_291_456),
      rememberedBatchesMax: fc.constant(5),
    }),
  }),
}) satisfies fc.Arbitrary<Case>;

describe('createMapping under any schedule of faults', () => {
  it('delivers each record with success or gives it up by name: none is skipped', () => {
    check((run) => {
      expect(run.driver.mapping.isIdle()).toBe(true);
      const accounted = new Set([...run.succeeded, ...run.givenUp]);
      expect(accounted.size).toBe(run.total);
    });
  });

  it('keeps the order of each partition key on first delivery, across a split too', () => {
    check((run) => {
      const last = new Map<string, number>();
      const known = new Set<string>();
      for (const { kinesis } of run.driver.seen.flatMap((seen) => seen.event.Records)) {
        if (known.has(kinesis.sequenceNumber)) {
          continue;
        }
        known.add(kinesis.sequenceNumber);
        const number = Number(kinesis.sequenceNumber.slice(-16));
        expect(number).toBeGreaterThan(last.get(kinesis.partitionKey) ?? 0);
        last.set(kinesis.partitionKey, number);
      }
    });
  });

  it('bounds what is sent: records, bytes, retries and age', () => {
    check((run, { settings }) => {
      const retries = settings.maximumRetryAttempts ?? -1;
      const bytes = settings.behaviour?.payloadBytesMax ?? 0;
      for (const { command, atMs } of run.driver.seen) {
        expect(command.recordCount).toBeLessThanOrEqual(settings.batchSize ?? 0);
        expect(command.payloadBytes).toBeLessThanOrEqual(bytes);
        if (retries >= 0) {
          expect(command.retryAttempt).toBeLessThanOrEqual(retries);
        }
        if (settings.maximumRecordAgeInSeconds === 60 && !command.isRedelivery) {
          expect(atMs).toBeLessThanOrEqual(epochMs + 60_000);
        }
      }
    });
  });

  it('checkpoints only what is done with', () => {
    check((run) => {
      expect(run.checkpointFaults).toEqual([]);
    });
  });

  it('isolates exactly the poison records by bisecting, and ends', () => {
    const poisoned = fc.record({
      poison: fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { maxLength: 8 }),
      batchSize: fc.integer({ min: 1, max: 64 }),
      maximumRetryAttempts: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(poisoned, ({ poison, batchSize, maximumRetryAttempts }) => {
        const settings = { batchSize, maximumRetryAttempts, bisectBatchOnFunctionError: true };
        const driver = runMapping(settings, shardWith(64), (seen) =>
          numbersOf(seen).some((number) => poison.includes(number)) ? failure : success,
        );
        const up = discarded(driver).map(({ from }) => from);
        expect(up).toEqual([...poison].sort((left, right) => left - right));
        expect(discarded(driver).every(({ from, to }) => from === to)).toBe(true);
        // Each poison record costs at most one split a level, two parts a split, and its own retries.
        const levels = Math.ceil(Math.log2(batchSize));
        const most = Math.ceil(64 / batchSize) + poison.length * (2 * levels + maximumRetryAttempts);
        expect(driver.seen.length).toBeLessThanOrEqual(most);
      }),
      { numRuns: 60 },
    );
  });

  it('sums each record of a tumbling window exactly once in the state of its last event', () => {
    const drawn = fc.record({
      seed: fc.integer(),
      count: fc.integer({ min: 1, max: 40 }),
      batchSize: fc.constantFrom(1, 3, 100),
      isBisecting: fc.boolean(),
      finalInvocation: fc.constantFrom('without-records' as const, 'with-records' as const),
    });
    fc.assert(
      fc.property(drawn, ({ seed, count, batchSize, isBisecting, finalInvocation }) => {
        const chance = seededRandom(seed);
        const shard = { ...shardWith(0), isClosed: true };
        for (let number = 1; number <= count; number += 1) {
          shard.records.push(record(number, { atMs: epochMs + number * 10_000 }));
        }
        const totals = new Map<string, number>();
        let faultsLeft = 40;
        const settings = {
          batchSize,
          tumblingWindowInSeconds: 60,
          bisectBatchOnFunctionError: isBisecting,
          functionResponseTypes: ['ReportBatchItemFailures'] as const,
          behaviour: { finalInvocation, retryGrouping: 'recut' as const },
        };
        const driver = runMapping(settings, shard, (seen) => {
          const numbers = numbersOf(seen);
          const from =
            chance() < 0.4 && faultsLeft > 0 ? Math.floor(chance() * (numbers.length + 1)) : numbers.length;
          const isFault = from < numbers.length || (chance() < 0.2 && faultsLeft > 0);
          if (isFault) {
            faultsLeft -= 1;
          }
          if (isFault && from === numbers.length) {
            const forgotten = respond({ state: { total: -1 } }).outcome;
            return chance() < 0.5 ? failure : { outcome: { ...forgotten, isRegrouped: true } };
          }
          const total = numbers
            .slice(0, from)
            .reduce((sum, number) => sum + number, seen.event.state?.['total'] ?? 0);
          if (!isFault && seen.event.isFinalInvokeForWindow === true) {
            totals.set(seen.event.window?.start ?? '', total);
          }
          const failures = seen.sequenceNumbers
            .slice(from, from + 1)
            .map((itemIdentifier) => ({ itemIdentifier }));
          return respond({ state: { total }, batchItemFailures: failures });
        });
        expect(driver.mapping.isIdle()).toBe(true);
        const expected = new Map<string, number>();
        for (let number = 1; number <= count; number += 1) {
          const start = new Date(Math.floor((epochMs + number * 10_000) / 60_000) * 60_000);
          const name = `${start.toISOString().slice(0, 19)}Z`;
          expected.set(name, (expected.get(name) ?? 0) + number);
        }
        expect(totals).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same commands for the same seed', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        expect(runCase(drawn).driver.commands).toEqual(runCase(drawn).driver.commands);
      }),
      { numRuns: 15 },
    );
  });
});

interface Run {
  readonly driver: VirtualDriver;
  readonly total: number;
  readonly succeeded: Set<number>;
  readonly givenUp: Set<number>;
  readonly checkpointFaults: string[];
}

function check(law: (run: Run, drawn: Case) => void): void {
  fc.assert(
    fc.property(cases, (drawn) => law(runCase(drawn), drawn)),
    { numRuns: 60 },
  );
}

function runCase(drawn: Case): Run {
  const chance = seededRandom(drawn.seed);
  const shards = splitShards(drawn.counts);
  const succeeded = new Set<number>();
  const checkpointFaults: string[] = [];
  let faultsLeft = 60;
  const isFault = (): boolean => {
    if (faultsLeft === 0 || chance() * 100 >= drawn.failurePercent) {
      return false;
    }
    faultsLeft -= 1;
    return true;
  };
  const driver = createVirtualDriver({
    settings: { ...kinesisSettings, ...drawn.settings },
    shards,
    random: seededRandom(drawn.seed + 1),
    failRead: () => (isFault() ? (chance() < 0.5 ? 'unavailable' : 'trimmed') : undefined),
    deliver: () => !isFault(),
    invoke: (seen) => (isFault() ? faultyAnswer(seen) : successfulAnswer(seen)),
  });
  driver.send({ type: 'start' });
  for (let at = 0; at < 5; at += 1) {
    driver.at(epochMs + chance() * 3_000, () => replacePoller());
  }
  driver.runUntil(epochMs + 400_000);
  return {
    driver,
    total: drawn.counts.reduce((sum, count) => sum + count),
    succeeded,
    givenUp: givenUp(),
    checkpointFaults,
  };

  function faultyAnswer(seen: Seen): Answer {
    const durationMs = Math.floor(chance() * 300);
    const kind = Math.floor(chance() * 4);
    if (kind === 0) {
      return { durationMs, outcome: { code: 'throttled' } };
    }
    if (kind === 1 && drawn.settings.functionResponseTypes?.length === 1) {
      const at = Math.floor(chance() * seen.sequenceNumbers.length);
      const answer = respond({ batchItemFailures: [{ itemIdentifier: seen.sequenceNumbers[at] }] });
      if (!seen.command.isRedelivery) {
        driver.at(driver.now + durationMs, () => note(numbersOf(seen).slice(0, at)));
      }
      return { ...answer, durationMs };
    }
    return { durationMs, outcome: { code: 'failed', isRegrouped: chance() < 0.3 } };
  }

  function successfulAnswer(seen: Seen): Answer {
    const durationMs = Math.floor(chance() * 100);
    driver.at(driver.now + durationMs, () => note(numbersOf(seen)));
    const { invocationId } = seen.command;
    const after = isFault()
      ? [{ type: 'redeliver', invocationId, delayMs: Math.floor(chance() * 2) * 500 } as const]
      : [];
    return {
      durationMs,
      outcome: { code: 'succeeded', isRedelivered: isFault(), isRegrouped: isFault() },
      after,
    };
  }

  function note(numbers: readonly number[]): void {
    for (const number of numbers) {
      succeeded.add(number);
    }
    verifyCheckpoints();
  }

  /** Everything up to a checkpoint must be done with at any time. */
  function verifyCheckpoints(): void {
    const done = givenUp();
    for (const [shardId, sequenceNumber] of driver.mapping.checkpoints()) {
      const shard = shards.find((each) => each.shardId === shardId);
      for (const { SequenceNumber = '' } of shard?.records ?? []) {
        const number = Number(SequenceNumber.slice(-16));
        if (SequenceNumber > sequenceNumber || succeeded.has(number) || done.has(number)) {
          continue;
        }
        checkpointFaults.push(`${number} is before the checkpoint of ${shardId} and not done with`);
      }
    }
  }

  function replacePoller(): void {
    if (!isFault()) {
      return;
    }
    const shard = shards[Math.floor(chance() * shards.length)];
    if (shard !== undefined) {
      driver.send({ type: 'restart-shard', shardId: shard.shardId });
    }
  }

  function givenUp(): Set<number> {
    const all = driver.commands.flatMap((each) => (each.type === 'discarded' ? each.sequenceNumbers : []));
    return new Set(all.map((sequenceNumber) => Number(sequenceNumber.slice(-16))));
  }
}

/** A parent and the two shards that it was split into; each of its keys goes on in one of them. */
function splitShards(counts: Case['counts']): VirtualShard[] {
  let number = 0;
  return counts.map((count, index) => {
    const isParent = index === 0;
    const records = Array.from({ length: count }, () => {
      number += 1;
      return record(number, { key: `key-${isParent ? number % 6 : (number % 3) + (index - 1) * 3}` });
    });
    const parentShardIds = isParent ? [] : ['shardId-000000000000'];
    return { shardId: `shardId-00000000000${index}`, parentShardIds, isClosed: isParent, records };
  });
}
