import { createSeededDraw } from '@oncefold/local-runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultCodes, stageCodes, transactionsCodes } from '../descriptions.ts';
import { stageWork } from '../stage-input/stage-work.ts';
import { batchesOf, cutBatches, schedule, strokesOf } from './schedule.ts';

describe('schedule', () => {
  it('brings every batch through exactly once, in order, whatever the seed', () => {
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
          const strokes = strokesOf(fault, { transactions, quick, draw });
          const steps = schedule(strokes, { batches, warmUps, draw });
          const covered = steps.flatMap(({ batch, stroke }) =>
            Array.from({ length: stroke?.width ?? 1 }, (_, at) => batch + at),
          );
          expect(covered).toEqual(Array.from({ length: batches }, (_, at) => at));
          expect(steps.slice(0, warmUps).every(({ stroke }) => stroke === undefined)).toBe(true);
          expect(steps.filter(({ stroke }) => stroke !== undefined)).toHaveLength(strokes.length);
        },
      ),
    );
  });

  it('draws the same places for the same seed', () => {
    const steps = () => {
      const draw = createSeededDraw(3, 'scope');
      const strokes = strokesOf('regrouped', { transactions: 'several', quick: false, draw });
      return schedule(strokes, { batches: 20, warmUps: 0, draw }).map(({ stroke, batch }) => [
        batch,
        stroke?.width,
      ]);
    };
    expect(steps()).toEqual(steps());
  });
});

describe('cutBatches', () => {
  it('puts every record into one batch, and two or more into each, from the fewest messages on', () => {
    for (const stage of stageCodes) {
      for (const messages of [60, 120, 400]) {
        const work = stageWork({ stage, transactions: 'one', messages, seed: 1, arrivedAtMs: 0 });
        const batches = cutBatches(work);
        expect(batches.length).toBeGreaterThanOrEqual(14);
        expect(batches[0]?.from).toBe(0);
        expect(batches.at(-1)?.to).toBe(work.records.length);
        for (const [at, { from, to }] of batches.entries()) {
          expect(to - from).toBeGreaterThanOrEqual(2);
          expect(batches[at + 1]?.from ?? to).toBe(to);
        }
      }
    }
  });
});

describe('batchesOf', () => {
  it('takes enough large batches for every fault, whatever the seed', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2_147_483_647 }),
        fc.constantFrom(...faultCodes),
        fc.constantFrom(...stageCodes),
        fc.boolean(),
        (seed, fault, stage, quick) => {
          const draw = createSeededDraw(seed, fault);
          const strokes = strokesOf(fault, { transactions: 'several', quick, draw });
          const all = cutBatches(
            stageWork({ stage, transactions: 'several', messages: 60, seed, arrivedAtMs: 0 }),
          );
          const taken = batchesOf(all, strokes, { transactions: 'several', quick });
          expect(taken).toEqual(all.slice(0, taken.length));
          expect(() => schedule(strokes, { batches: taken.length, warmUps: 2, draw })).not.toThrow();
        },
      ),
      { numRuns: 20 },
    );
  });
});
