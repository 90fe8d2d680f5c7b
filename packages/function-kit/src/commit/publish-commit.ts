import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Batch, CommitReport } from '@oncefold/commit';
import { percentageOf, type Shares } from '../metrics/version-metrics.ts';
import { addAgeMetrics } from '../stream-records/record-ages.ts';

/** Where the figures of a batch go. */
interface PublishTargets {
  readonly metrics: Pick<Metrics, 'addMetric' | 'publishStoredMetrics'>;
  readonly publishVersionMetrics: (shares: Shares) => void;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Makes the function that publishes metrics and a log line of every batch that was committed.
 *
 * `RecordsApplied` and `RecordsQuarantined` count a record at most once: where the store has confirmed its commit.
 * `RecordsAlreadyApplied` counts redeliveries that the guard held off, `RecordsUnconfirmed` records that were found applied after
 * an answer had been lost: this invocation applied them or another one did, and a metric cannot know. An invocation that dies
 * after its commit counts nothing. What is exact are the sums; metrics tell how a stage does.
 *
 * `StageLatency` is how long the slowest record that was applied had waited for it, and `PositionLag` how far the batch has
 * brought the stage up to now; both are approximate, as the times of the stream are: whole seconds in DynamoDB Streams,
 * whole minutes in DynamoDB Local, where the figures mean nothing. End-to-end latency is the sum of the stages' maxima:
 * never too small, and it shows which stage is slow. Carrying the time of arrival through the rows of sums would be exact
 * for a row, but it adds an attribute to a table that other programs read, is part of the commit that a token covers,
 * and must survive merging, where only the oldest can be kept: again a maximum.
 *
 * `RecordsContributing` counts the applied records that added something: what the next stage gets is made of these.
 *
 * @param stage.logger - gets one line per batch; a token that was used for other actions is a warning
 * @param now - milliseconds since the epoch; the system's clock by default
 */
export function publishCommit(
  { metrics, publishVersionMetrics, logger }: PublishTargets,
  now: () => number = Date.now,
): (report: CommitReport, batch: Batch) => void {
  return (report, batch) => {
    const { applied, alreadyApplied, appliedUnconfirmed, ...counts } = report;
    const appliedIds = new Set(applied);
    const quarantined = batch.records.filter(
      ({ id, writes = [], preparatoryWrites = [] }) =>
        appliedIds.has(id) && writes.length + preparatoryWrites.length > 0,
    ).length;
    const contributing = batch.records.filter(
      ({ id, contribution }) => appliedIds.has(id) && contribution.size > 0,
    ).length;
    const figures = {
      RecordsApplied: applied.length - quarantined,
      RecordsAlreadyApplied: alreadyApplied.length,
      RecordsUnconfirmed: appliedUnconfirmed.length,
      RecordsQuarantined: quarantined,
      RecordsContributing: contributing,
      Commits: counts.commits,
      CommitRequests: counts.requests,
      TransactionConflicts: counts.conflicts,
      TransactionThrottles: counts.throttles,
      TokenReplays: counts.replays,
      TokenMismatches: counts.tokenMismatches,
    };
    for (const [name, value] of Object.entries(figures)) {
      metrics.addMetric(name, MetricUnit.Count, value);
    }
    const times = {
      // What had been applied before was not waiting for this.
      completed: batch.records.filter(({ id }) => appliedIds.has(id)).map(({ time }) => time),
      all: batch.records.map(({ time }) => time),
    };
    addAgeMetrics(metrics, times, now());
    // Here and not at the end of the invocation: one that failed has none, and would warn of that.
    metrics.publishStoredMetrics();
    publishVersionMetrics({ QuarantinePercent: percentageOf(quarantined, applied.length) });
    logger.info('Batch committed', { records: batch.records.length, ...figures });
    if (counts.tokenMismatches > 0) {
      logger.warn('A request token had been used with other actions; its records are taken as applied', {
        tokenMismatches: counts.tokenMismatches,
      });
    }
  };
}
