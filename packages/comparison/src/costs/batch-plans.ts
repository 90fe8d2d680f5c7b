/** How often batches of one size are measured. */
export interface BatchPlan {
  /** Records in one batch. */
  readonly size: number;
  /** Batches before the first that is measured. */
  readonly warmUps: number;
  readonly rounds: number;
}

/** Fewer rounds where a round takes long. */
export const batchPlans: readonly BatchPlan[] = [
  { size: 1, warmUps: 5, rounds: 20 },
  { size: 10, warmUps: 2, rounds: 20 },
  { size: 100, warmUps: 2, rounds: 10 },
  { size: 1_000, warmUps: 1, rounds: 5 },
];

/** For quick runs: units and requests are as exact, latency is noisier. */
export const quickBatchPlans: readonly BatchPlan[] = [
  { size: 1, warmUps: 5, rounds: 10 },
  { size: 10, warmUps: 1, rounds: 10 },
  { size: 100, warmUps: 1, rounds: 5 },
  { size: 1_000, warmUps: 1, rounds: 3 },
];

/** How many records the plans need together. */
export function recordsOf(plans: readonly BatchPlan[]): number {
  return plans.reduce((sum, { size, warmUps, rounds }) => sum + size * (warmUps + rounds), 0);
}
