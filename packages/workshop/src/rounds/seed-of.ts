import { createHash } from 'node:crypto';

const SEED_MAX = 2 ** 32 - 1;

/**
 * Makes the seed of a round from what started it, so that an invocation that is repeated sends the same messages.
 *
 * Times of a schedule give a seed each, until the year 2106; two rounds of one seed would send the same trades, which
 * the pipeline drops as duplicates. Names give one by their hash.
 *
 * @param name - a time in ISO 8601, or any other name
 * @returns an integer from 0 to 2^32 - 1
 */
export function seedOf(name: string): number {
  const seconds = /^\d{4}-\d\d-\d\dT/.test(name) ? Math.floor(Date.parse(name) / 1000) : Number.NaN;
  if (seconds >= 0 && seconds <= SEED_MAX) {
    return seconds;
  }
  return createHash('sha256').update(name).digest().readUInt32BE(0);
}
