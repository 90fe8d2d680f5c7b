const MICROSECONDS_PER_SECOND = 1_000_000;

/** Microseconds for each of so many, of seconds for all. */
export function microsecondsEach(seconds: number, count: number): number {
  return (seconds * MICROSECONDS_PER_SECOND) / count;
}
