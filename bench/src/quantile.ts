/**
 * The smallest of the values that so large a share does not exceed.
 *
 * @param share - above 0 and at most 1
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.ceil(sorted.length * share) - 1];
  if (value === undefined) {
    throw new Error('invariant: there are no values');
  }
  return value;
}
