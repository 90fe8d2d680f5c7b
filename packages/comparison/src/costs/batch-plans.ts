import type { BatchPlan } from './measure-overhead.ts';

/** Batches of 1 to 1,000 records; fewer rounds where a round is long. */
export const batchPlans: readonly BatchPlan[] = [
  { size: 1, warmUps: 5, rounds: 20 },
  { size: 10, warmUps: 2, rounds: 20 },
  { size: 100, warmUps: 2, rounds: 10 },
  { size: 1_000, warmUps: 1, rounds: 5 },
];

/** The same sizes in a hurry: units and requests are as exact, latency is noisier. */
export const quickBatchPlans: readonly BatchPlan[] = [
  { size: 1, warmUps: 5, rounds: 10 },
  { size: 10, warmUps: 1, rounds: 10 },
  { size: 100, warmUps: 1, rounds: 5 },
  { size: 1_000, warmUps: 1, rounds: 3 },
];
