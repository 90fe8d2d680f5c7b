import type { RequestFigures } from '@oncefold/local-runtime';
import type { Spread, UnitSource } from './report/comparison-report.ts';

/**
 * Describes measured times.
 *
 * @param milliseconds - at least one
 */
export function spreadOf(milliseconds: readonly number[]): Spread {
  return {
    median: rounded(median(milliseconds)),
    p90: rounded(quantile(milliseconds, 0.9)),
    max: rounded(quantile(milliseconds, 1)),
  };
}

/**
 * The value that so large a share of all values does not exceed; between two of them, interpolated linearly.
 *
 * @param values - at least one
 * @param share - from 0, the smallest, to 1, the largest
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) {
    throw new Error('invariant: there are no values');
  }
  return below + (above - below) * (place - Math.floor(place));
}

/** @param values - at least one */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Rounds to two decimals. */
export function rounded(value: number): number {
  return Number(value.toFixed(2));
}

/** Capacity units from the given source. */
export function unitsOf(figures: RequestFigures, source: UnitSource): RequestFigures['unitsReported'] {
  return source === 'engine' ? figures.unitsReported : figures.unitsComputed;
}
