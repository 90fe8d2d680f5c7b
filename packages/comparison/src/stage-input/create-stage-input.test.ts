import { describe, expect, it } from 'vitest';
import { createStageInput } from './create-stage-input.ts';
import { cutBatches, type StageInput } from './stage-input.ts';

/** Increments of a transaction beside one guard, and keys of a row of sums. */
const keysMax = { reduce: 99, map: 80 };

function keysOf(input: StageInput, from: number, to: number): number {
  return new Set(input.records.slice(from, to).flatMap((record) => [...record.sums(1).units.keys()])).size;
}

describe('createStageInput', () => {
  it.each(['map', 'reduce'] as const)('needs several transactions for every wide batch of %s', (stage) => {
    const input = createStageInput({ stage, transactions: 'several', messages: 60, seed: 3, arrivedAtMs: 0 });
    for (const { from, to } of cutBatches(input)) {
      expect(keysOf(input, from, to)).toBeGreaterThan(keysMax[stage]);
      for (let at = from; at < to; at += 1) {
        expect(keysOf(input, at, at + 1)).toBeGreaterThanOrEqual(20);
        expect(keysOf(input, at, at + 1)).toBeLessThanOrEqual(60);
      }
    }
  });

  it.each(['map', 'reduce'] as const)('fits every narrow batch of %s into one transaction', (stage) => {
    const input = createStageInput({ stage, transactions: 'one', messages: 400, seed: 3, arrivedAtMs: 0 });
    for (const { from, to } of cutBatches(input)) {
      expect(keysOf(input, from, to)).toBeLessThanOrEqual(keysMax[stage]);
    }
  });

  it('gives every wide record aggregates of its own, so that a wrong sum names the record', () => {
    const { records } = createStageInput({
      stage: 'map',
      transactions: 'several',
      messages: 60,
      seed: 3,
      arrivedAtMs: 0,
    });
    for (const [index, record] of records.entries()) {
      const own = [...record.sums(1).units.keys()].filter((key) => key.includes(`:trade-${index} version `));
      expect(own).toHaveLength(28);
    }
  });
});
