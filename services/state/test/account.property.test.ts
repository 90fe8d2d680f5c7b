/**
 * Goal: each record is counted once, and under the outcome that it really has: `applied` exactly where it has written its
 * version. Method: several shards with versions of few trades in any order, a mapping per shard, processes whose requests
 * interleave freely, lose their replies, are given up and land later, die at any step, or go on after their records
 * were delivered again, and that dimensions are configured anew meanwhile. The truth is taken from what the tables have really taken, whoever wrote it.
 */
import type { Hierarchy } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateOf } from './support/aggregate.ts';
import { type Fault, runHistory } from './support/history.ts';
import {
  hierarchy,
  type MessageFields,
  messageOf,
  shorterHierarchy,
  shorterMessageOf,
} from './support/stream.ts';
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

const message = (versions: number, text: (fields: MessageFields) => string) =>
  fc.oneof(
    {
      weight: 15,
      arbitrary: fc
        .record({
          id: fc.constantFrom('a', 'b'),
          version: fc.nat(versions - 1),
          value: fc.constantFrom('1', '1.0', '-2.5'),
        })
        .map(text),
    },
    { weight: 1, arbitrary: fc.constant('{') },
  );

type Hierarchies = readonly [Hierarchy, ...Hierarchy[]];

/** Where the dimensions change, two of three messages are valid by the shorter list only. */
function messages(versions: number, { length }: Hierarchies): fc.Arbitrary<string> {
  const whole = message(versions, messageOf);
  if (length === 1) {
    return whole;
  }
  return fc.oneof(whole, { weight: 2, arbitrary: message(versions, shorterMessageOf) });
}

const plan = (versions: number, hierarchies: Hierarchies) =>
  fc.record({
    hierarchies: fc.constant(hierarchies),
    shards: fc.array(
      fc.array(
        fc.oneof(
          { weight: 4, arbitrary: messages(versions, hierarchies) },
          {
            weight: 1,
            arbitrary: fc
              .array(messages(versions, hierarchies), { minLength: 1, maxLength: 3 })
              .map((texts) => aggregateOf(...texts)),
          },
        ),
        { minLength: 1, maxLength: 8 },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    choices: fc.array(fc.nat({ max: 9_999 }), { maxLength: 150, size: 'max' }),
  });

const countsRightly = (
  versions: number,
  faults: readonly Fault[],
  numRuns: number,
  hierarchies: Hierarchies = [hierarchy],
) =>
  fc.assert(
    fc.asyncProperty(plan(versions, hierarchies), async (drawn) => {
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

  it('counts a record that has written its version as applied, also where dimensions that refuse it are configured meanwhile', () =>
    countsRightly(5, allFaults, 800, [hierarchy, shorterHierarchy]));
});
