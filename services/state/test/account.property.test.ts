/**
 * Goal: each record is counted once, and under the outcome that it really has: `applied` exactly where it has written its
 * version. Method: several shards with versions of few trades in any order, a mapping per shard, processes whose requests
 * interleave freely, lose their replies, are given up and land later, die at any step, or go on after their records
 * were delivered again. The truth is taken from what the tables have really taken, whoever wrote it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateOf } from './support/aggregate.ts';
import { type Fault, runHistory } from './support/history.ts';
import { messageOf } from './support/stream.ts';
import { faultsOfAccount } from './support/truth-of-history.ts';

/** Faults of a network, without which nothing is lost. */
const lostReplies: readonly Fault[] = [
  ...Array<Fault>(5).fill('none'),
  'lost',
  'reply-lost',
  'reply-lost',
  'late',
];
const allFaults: readonly Fault[] = [
  ...lostReplies,
  'crash-before',
  'crash-after',
  'crash-late',
  'abandoned',
];

const message = (versions: number) =>
  fc.oneof(
    {
      weight: 15,
      arbitrary: fc
        .record({
          id: fc.constantFrom('a', 'b'),
          version: fc.nat(versions - 1),
          value: fc.constantFrom('1', '1.0', '-2.5'),
        })
        .map(messageOf),
    },
    { weight: 1, arbitrary: fc.constant('{') },
  );

const plan = (versions: number) =>
  fc.record({
    shards: fc.array(
      fc.array(
        fc.oneof(
          { weight: 4, arbitrary: message(versions) },
          {
            weight: 1,
            arbitrary: fc
              .array(message(versions), { minLength: 1, maxLength: 3 })
              .map((texts) => aggregateOf(...texts)),
          },
        ),
        { minLength: 1, maxLength: 8 },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    choices: fc.array(fc.nat({ max: 9_999 }), { maxLength: 150, size: 'max' }),
  });

const countsRightly = (versions: number, faults: readonly Fault[], numRuns: number) =>
  fc.assert(
    fc.asyncProperty(plan(versions), async (drawn) => {
      const whole = { ...drawn, faults };
      expect(faultsOfAccount(whole, await runHistory(whole))).toEqual([]);
    }),
    { numRuns },
  );

describe('the account', () => {
  it('counts each record under its true outcome when replies are lost and requests land late', () =>
    countsRightly(5, lostReplies, 400));

  it('counts each record under its true outcome when processes die, or go on beside their successors', () =>
    countsRightly(5, allFaults, 800));

  it('forgets only what eight higher versions have replaced, and counts each record once all the same', () =>
    countsRightly(30, allFaults, 400));
});
