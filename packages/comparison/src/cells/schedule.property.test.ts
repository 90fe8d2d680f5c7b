import { createSeededDraw } from '@oncefold/local-runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultCodes, stageCodes, transactionsCodes } from '../report/descriptions.ts';
import { createStageInput } from '../stage-input/create-stage-input.ts';
import { cutBatches } from '../stage-input/stage-input.ts';
import { batchesOf, scenariosOf, schedule } from './schedule.ts';

describe('schedule', () => {
  it('delivers every batch exactly once, in order, for any seed', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom(...faultCodes),
        fc.constantFrom(...transactionsCodes),
        fc.boolean(),
        fc.integer({ min: 14, max: 60 }),
        fc.integer({ min: 0, max: 2 }),
        (seed, fault, transactions, quick, batches, warmUps) => {
          const draw = createSeededDraw(seed, fault);
          const scenarios = scenariosOf(fault, { transactions, quick, draw });
          const steps = schedule(scenarios, { batches, warmUps, draw });
          const covered = steps.flatMap(({ batch, scenario }) =>
            Array.from({ length: scenario?.batchCount ?? 1 }, (_, at) => batch + at),
          );
          expect(covered).toEqual(Array.from({ length: batches }, (_, at) => at));
          expect(steps.slice(0, warmUps).every(({ scenario }) => scenario === undefined)).toBe(true);
          expect(steps.filter(({ scenario }) => scenario !== undefined)).toHaveLength(scenarios.length);
        },
      ),
    );
  });

  it('draws the same places for the same seed', () => {
    const steps = () => {
      const draw = createSeededDraw(3, 'scope');
      const scenarios = scenariosOf('regrouped', { transactions: 'several', quick: false, draw });
      return schedule(scenarios, { batches: 20, warmUps: 0, draw }).map(({ scenario, batch }) => [
        batch,
        scenario?.batchCount,
      ]);
    };
    expect(steps()).toEqual(steps());
  });
});

describe('cutBatches', () => {
  it('puts every record into one batch, and two or more into each, even with the fewest messages', () => {
    for (const stage of stageCodes) {
      for (const messages of [60, 120, 400]) {
        const input = createStageInput({ stage, transactions: 'one', messages, seed: 1, arrivedAtMs: 0 });
        const batches = cutBatches(input);
        expect(batches.length).toBeGreaterThanOrEqual(14);
        expect(batches[0]?.from).toBe(0);
        expect(batches.at(-1)?.to).toBe(input.records.length);
        for (const [at, { from, to }] of batches.entries()) {
          expect(to - from).toBeGreaterThanOrEqual(2);
          expect(batches[at + 1]?.from ?? to).toBe(to);
        }
      }
    }
  });
});

describe('batchesOf', () => {
  it('takes enough large batches for every fault, for any seed', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2_147_483_647 }),
        fc.constantFrom(...faultCodes),
        fc.constantFrom(...stageCodes),
        fc.boolean(),
        (seed, fault, stage, quick) => {
          const draw = createSeededDraw(seed, fault);
          const scenarios = scenariosOf(fault, { transactions: 'several', quick, draw });
          const all = cutBatches(
            createStageInput({ stage, transactions: 'several', messages: 60, seed, arrivedAtMs: 0 }),
          );
          const taken = batchesOf(all, scenarios, { transactions: 'several', quick });
          expect(taken).toEqual(all.slice(0, taken.length));
          expect(() => schedule(scenarios, { batches: taken.length, warmUps: 2, draw })).not.toThrow();
        },
      ),
      { numRuns: 20 },
    );
  });
});
