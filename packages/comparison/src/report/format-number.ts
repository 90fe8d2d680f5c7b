/**
 * Writes a count for reading.
 *
 * @param count - a whole number
 * @returns with a comma between thousands
 */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/**
 * Writes a noun with its count.
 *
 * @param count - a whole number
 * @param singular - the noun for one; an `s` is added for any other number unless `plural` is given
 * @param plural - the noun for several
 * @returns such as `1 batch`, `12 batches`
 */
export function formatCounted(count: number, singular: string, plural: string = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/**
 * Writes a span of time for reading.
 *
 * @param milliseconds - the span, from 0
 * @returns in seconds, with one digit after the point
 */
export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
