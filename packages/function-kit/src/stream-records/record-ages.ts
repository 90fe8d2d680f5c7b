/** How old the records of a batch are. */
export interface RecordAges {
  /** Age of the oldest record, in milliseconds, 0 or more: how long it took to get through this stage. */
  readonly oldest_ms: number;
  /** Age of the newest record, in milliseconds, 0 or more: how far the position is behind after the batch. */
  readonly newest_ms: number;
}

/**
 * Says how old records are.
 *
 * The times of a stream are approximate, and those of DynamoDB Streams are whole seconds, so that an age may be a second
 * off; a record that seems to come from the future has the age 0.
 *
 * @param times - approximate arrival of each record in seconds since the epoch; undefined where the event tells none
 * @param now_ms - milliseconds since the epoch
 * @returns the ages, or nothing where no record has a time
 */
export function recordAges(times: Iterable<number | undefined>, now_ms: number): RecordAges | undefined {
  let oldest: number | undefined;
  let newest: number | undefined;
  for (const time of times) {
    if (time === undefined) {
      continue;
    }
    if (oldest === undefined || time < oldest) {
      oldest = time;
    }
    if (newest === undefined || time > newest) {
      newest = time;
    }
  }
  if (oldest === undefined || newest === undefined) {
    return undefined;
  }
  const age_ms = (time: number): number => Math.max(0, Math.round(now_ms - time * 1_000));
  return { oldest_ms: age_ms(oldest), newest_ms: age_ms(newest) };
}
