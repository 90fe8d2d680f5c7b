import type { Spread } from './report/comparison-report.ts';

/** Decimals of a millisecond that mean anything here. */
const DIGITS = 2;

/**
 * Describes measured times.
 *
 * @param milliseconds - at least one
 */
export function spreadOf(milliseconds: readonly number[]): Spread {
  return {
    median: rounded(quantile(milliseconds, 0.5)),
    p90: rounded(quantile(milliseconds, 0.9)),
    max: rounded(quantile(milliseconds, 1)),
  };
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Two decimals. */
export function rounded(value: number): number {
  return Number(value.toFixed(DIGITS));
}

/** Between the two values around the place in proportion. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) {
    throw new Error('invariant: there is nothing to describe');
  }
  return below + (above - below) * (place - Math.floor(place));
}
