import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Times of records in seconds since the epoch; undefined where the event gives none. */
type Times = readonly (number | undefined)[];

/**
 * Adds `StageLatency`, how long the slowest record took to get through the stage, and `PositionLag`, how far behind the newest
 * record is, both in milliseconds.
 *
 * @param times.completed - the records that this batch has brought through the stage
 * @param times.all - the records that the stage is done with
 */
export function addAgeMetrics(
  metrics: Pick<Metrics, 'addMetric'>,
  times: { readonly completed: Times; readonly all: Times },
  nowMs: number,
): void {
  const completed = recordAges(times.completed, nowMs);
  const all = recordAges(times.all, nowMs);
  if (completed !== undefined) {
    metrics.addMetric('StageLatency', MetricUnit.Milliseconds, completed.oldestMs);
  }
  if (all !== undefined) {
    metrics.addMetric('PositionLag', MetricUnit.Milliseconds, all.newestMs);
  }
}

/**
 * Says how old the oldest and the newest record are, in milliseconds.
 *
 * The times of a stream are approximate, and those of DynamoDB Streams are whole seconds, so that an age may be a second
 * off; a record that seems to come from the future has the age 0.
 *
 * @returns the ages, or nothing where no record has a time
 */
export function recordAges(
  times: Times,
  nowMs: number,
): { readonly oldestMs: number; readonly newestMs: number } | undefined {
  const known = times.filter((time) => time !== undefined);
  if (known.length === 0) {
    return undefined;
  }
  const ageMs = (time: number): number => Math.max(0, Math.round(nowMs - time * 1_000));
  return {
    oldestMs: ageMs(known.reduce((a, b) => Math.min(a, b))),
    newestMs: ageMs(known.reduce((a, b) => Math.max(a, b))),
  };
}
