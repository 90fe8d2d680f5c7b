import { median } from '@oncefold/comparison/statistics';
import type { Measurement, Pair } from '../figure.ts';
import { measureCosts, type WorkAfter } from './measure-after.ts';

const WARM_UP_MS = 500;

/** A point of a curve. */
export interface GrowthPoint {
  /** What grows, such as the records of a batch. */
  readonly size: number;
  /** Microseconds of CPU for each unit; the median of the rounds. */
  readonly microseconds: number;
}

/**
 * Measures what a unit costs at several sizes of what it is part of, one after the other in each round. What grows linearly costs the
 * same for each unit, and its ratio is 1.
 *
 * @param works - by size, the smallest first
 * @returns pairs of the largest size against the smallest; all of the curve in the details
 */
export async function measureGrowth<Input>(
  works: ReadonlyMap<number, WorkAfter<Input>>,
  { quick }: { readonly quick: boolean },
): Promise<Measurement> {
  const rounds = quick ? 3 : 11;
  const roundMs = quick ? 60 : 300;
  for (const work of works.values()) {
    await measureCosts(work, WARM_UP_MS);
  }
  const pairs: Pair[] = [];
  const costs = new Map<number, number[]>([...works.keys()].map((size) => [size, []]));
  for (let round = 0; round < rounds; round += 1) {
    const ofRound: number[] = [];
    for (const [size, work] of works) {
      const { using } = await measureCosts(work, roundMs);
      ofRound.push(using);
      costs.get(size)?.push(using);
    }
    pairs.push({ subject: ofRound.at(-1) ?? Number.NaN, reference: ofRound[0] ?? Number.NaN });
  }
  const points = [...costs].map(
    ([size, all]): GrowthPoint => ({ size, microseconds: Number(median(all).toPrecision(4)) }),
  );
  return { pairs, details: { points } };
}
