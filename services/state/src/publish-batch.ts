import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { addAgeMetrics, percentageOf, type Stage } from '@oncefold/function-kit';
import { counterNames, outcomes } from '@oncefold/trades';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { BatchReport } from './process-batch.ts';

/** Quarantined records in one log line; the table has them all. */
const LOGGED_MAX = 20;

/**
 * Makes the function that publishes metrics and log lines of every batch; once per batch, because a line per record would cost
 * more than the record.
 */
export function publishBatch(
  stage: Pick<Stage, 'metrics' | 'publishVersionMetrics' | 'logger'>,
): (report: BatchReport, event: KinesisStreamEvent) => void {
  const { metrics, publishVersionMetrics, logger } = stage;
  return ({ records, counted, quarantined, response, failed }, event) => {
    const failedCount = Object.values(failed).reduce((sum, count) => sum + count, 0);
    metrics.addMetric('Records', MetricUnit.Count, records);
    for (const outcome of outcomes) {
      metrics.addMetric(counterNames[outcome], MetricUnit.Count, counted[outcome]);
    }
    metrics.addMetric('BatchItemFailures', MetricUnit.Count, response.batchItemFailures.length);
    const times = arrivalTimes(event, response);
    addAgeMetrics(metrics, { completed: times, all: times }, Date.now());
    metrics.publishStoredMetrics();
    publishVersionMetrics({
      QuarantinePercent: percentageOf(counted.quarantined, records),
      ConflictPercent: percentageOf(counted.conflict, records),
    });
    logger.info('Batch processed.', { records, ...counted, failed: failedCount });
    if (failedCount > 0) {
      logger.warn('Records are left for the next delivery.', { reasons: failed });
    }
    if (quarantined.length > 0) {
      logger.warn('Records were quarantined.', {
        total: quarantined.length,
        first: quarantined.slice(0, LOGGED_MAX),
      });
    }
  };
}

/**
 * Approximate arrival, in seconds since the epoch, of the records before the checkpoint: the first record that failed is
 * delivered again with all that follows it, so those are still waiting.
 */
export function arrivalTimes(
  { Records }: KinesisStreamEvent,
  { batchItemFailures }: KinesisStreamBatchResponse,
): number[] {
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const end = Records.findIndex(({ kinesis }) => failed.has(kinesis.sequenceNumber));
  const done = end === -1 ? Records : Records.slice(0, end);
  return done.map(({ kinesis }) => kinesis.approximateArrivalTimestamp);
}
