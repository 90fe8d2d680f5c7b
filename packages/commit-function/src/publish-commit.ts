import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Batch, CommitReport } from '@oncefold/commit';

/**
 * Makes what tells metrics and log of every batch that was committed.
 *
 * Records are counted where they were folded in, not where they came again: `RecordsApplied` and `RecordsQuarantined` count a
 * record once, `RecordsAlreadyApplied` counts redeliveries that the guard held off.
 *
 * @param metrics - published by the caller at the end of the invocation.
 * @param logger - gets one line per batch; a token that was used for other actions is a warning.
 */
export function publishCommit(
  metrics: Pick<Metrics, 'addMetric'>,
  logger: Pick<Logger, 'info' | 'warn'>,
): (report: CommitReport, batch: Batch) => void {
  return (report, batch) => {
    const { applied, alreadyApplied, ...counts } = report;
    const appliedIds = new Set(applied);
    const quarantined = batch.records.filter(
      (record) => appliedIds.has(record.id) && (record.writes?.length ?? 0) > 0,
    ).length;
    const figures = {
      RecordsApplied: applied.length - quarantined,
      RecordsAlreadyApplied: alreadyApplied.length,
      RecordsQuarantined: quarantined,
      Commits: counts.commits,
      CommitRequests: counts.requests,
      TransactionConflicts: counts.conflicts,
      TransactionThrottles: counts.throttles,
      TokenReplays: counts.replays,
      TokenMismatches: counts.tokenMismatches,
    };
    for (const [name, value] of Object.entries(figures)) metrics.addMetric(name, MetricUnit.Count, value);
    logger.info('Batch committed', { records: batch.records.length, ...figures });
    if (counts.tokenMismatches > 0) {
      logger.warn('A request token had been used with other actions; its records are taken as applied', {
        tokenMismatches: counts.tokenMismatches,
      });
    }
  };
}
