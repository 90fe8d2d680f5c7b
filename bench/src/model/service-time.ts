/** How long an invocation takes: a time of its own, and one for each record. */
export interface ServiceTime {
  readonly fixedMs: number;
  readonly perRecordMs: number;
  /**
   * How far invocations are from that, milliseconds, from the lowest to the highest in even steps of their share. Without it, all take
   * what the two others say: then windows and polls of two stages keep step, as they never do.
   */
  readonly spreadMs?: readonly number[];
}

const SPREAD_STEPS = 20;

/** An invocation as it was seen. */
export interface ServiceSample {
  readonly records: number;
  readonly ms: number;
}

/**
 * Fits a service time to what was seen, by least squares; neither part is below 0.
 *
 * @param samples - at least one; where all have as many records, only their sum is known, and the time counts as fixed
 */
export function fitServiceTime(samples: readonly ServiceSample[]): Required<ServiceTime> {
  const meanRecords = mean(samples.map(({ records }) => records));
  const meanMs = mean(samples.map(({ ms }) => ms));
  let covariance = 0;
  let variance = 0;
  for (const { records, ms } of samples) {
    covariance += (records - meanRecords) * (ms - meanMs);
    variance += (records - meanRecords) ** 2;
  }
  const slope = variance === 0 ? 0 : Math.max(0, covariance / variance);
  // A line that would begin below 0 goes through 0 instead.
  const perRecordMs = Math.min(slope, meanMs / meanRecords);
  const fixedMs = Math.max(0, meanMs - perRecordMs * meanRecords);
  const distances = samples
    .map(({ records, ms }) => ms - fixedMs - perRecordMs * records)
    .toSorted((one, other) => one - other);
  const spreadMs = Array.from({ length: SPREAD_STEPS + 1 }, (_none, step) => {
    const distance = distances[Math.round((step / SPREAD_STEPS) * (distances.length - 1))] ?? 0;
    return Math.round(distance * 10) / 10;
  });
  return { fixedMs, perRecordMs, spreadMs };
}

/** How long an invocation with so many records takes in the mean, milliseconds. */
export function serviceMs({ fixedMs, perRecordMs }: ServiceTime, records: number): number {
  return fixedMs + perRecordMs * records;
}

/** Turns that fill the range from 0 to 1 evenly, however many of them there are: the multiples of the golden ratio. */
const TURN = (Math.sqrt(5) - 1) / 2;

/**
 * Says how long each of a row of invocations takes: each part of the spread has its turn, the same at every run.
 *
 * @returns takes the records of the next invocation and gives its time, milliseconds
 */
export function createServiceTimes(time: ServiceTime): (records: number) => number {
  const { spreadMs = [0] } = time;
  let turn = 0;
  return (records) => {
    turn += 1;
    const place = ((turn * TURN) % 1) * spreadMs.length;
    return Math.max(0, serviceMs(time, records) + (spreadMs[Math.floor(place)] ?? 0));
  };
}

/** @param values - at least one */
export function mean(values: readonly number[]): number {
  if (values.length === 0) {
    throw new Error('invariant: there are no samples');
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
