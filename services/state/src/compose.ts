import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  createFunctionDynamoDb,
  type InducedFailuresMiddleware,
  inducedFailures,
  recordAges,
} from '@oncefold/function-kit';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { systemClock } from './clock.ts';
import { createDynamoDbAccountingStore } from './dynamodb/accounting-store.ts';
import { createDynamoDbQuarantineStore } from './dynamodb/quarantine-store.ts';
import { createDynamoDbStateStore } from './dynamodb/state-store.ts';
import { type BatchReport, processBatch } from './process-batch.ts';
import { readSettings, type Settings } from './read-settings.ts';
import { settledArrivals } from './settled-arrivals.ts';

/** The function, put together. */
export interface Composition {
  readonly logger: Logger;
  /** The failures that the workshop induces; empty unless they are turned on. */
  readonly failures: InducedFailuresMiddleware[];
  /** Takes one batch. */
  readonly handle: (event: KinesisStreamEvent, context: Context) => Promise<KinesisStreamBatchResponse>;
}

/** Requests under way at once: beyond four, two cores of a local engine gain nothing. */
const REQUESTS_MAX = 4;

/** Positions of quarantined records in one log line; the table has them all. */
const LOGGED_MAX = 20;

/**
 * Puts the function together, once per sandbox.
 *
 * @param variables - usually `process.env`
 * @returns the {@link Composition}
 * @throws {@link EnvironmentError} when a variable is missing or wrong; the message names it
 */
export function compose(variables: Readonly<Record<string, string | undefined>>): Composition {
  const settings = readSettings(variables);
  const client = createFunctionDynamoDb({
    // What is still unavailable after these is retried by the use case, within the invocation's time.
    attemptsMax: 3,
    requestTimeoutMs: 5_000,
    connectionsMax: REQUESTS_MAX,
  });
  const logger = new Logger({ serviceName: settings.consumer });
  const metrics = new Metrics({ namespace: settings.metricsNamespace, serviceName: settings.consumer });
  const ports = {
    state: createDynamoDbStateStore(client, { table: settings.tables.state, hierarchy: settings.hierarchy }),
    quarantine: createDynamoDbQuarantineStore(client, { table: settings.tables.quarantine }),
    accounting: createDynamoDbAccountingStore(client, { table: settings.tables.accounting }),
    clock: systemClock,
  };
  return {
    logger,
    failures: failuresOf(settings, client),
    handle: async (event, context) => {
      const report = await processBatch(event, context.getRemainingTimeInMillis(), ports, {
        hierarchy: settings.hierarchy,
        namespace: settings.namespace,
        consumer: settings.consumer,
        formerSource: settings.formerSource,
        requestsMax: REQUESTS_MAX,
      });
      publish(report, event, logger, metrics);
      return report.response;
    },
  };
}

function failuresOf(settings: Settings, client: DynamoDBClient): InducedFailuresMiddleware[] {
  if (settings.inducedFailures === undefined) {
    return [];
  }
  const { table, seed } = settings.inducedFailures;
  return [
    inducedFailures({
      parameter: 'FAILURE_STATE_LAMBDA_PCT',
      table,
      client,
      ...(seed !== undefined && { seed }),
    }),
  ];
}

/** Once per batch, because a line per record would cost more than the record. */
function publish(report: BatchReport, event: KinesisStreamEvent, logger: Logger, metrics: Metrics): void {
  const { records, counted, quarantined, response } = report;
  const failed = Object.values(report.failed).reduce((sum, count) => sum + count, 0);
  metrics.addMetric('Records', MetricUnit.Count, records);
  metrics.addMetric('Applied', MetricUnit.Count, counted.applied);
  metrics.addMetric('Duplicate', MetricUnit.Count, counted.duplicate);
  metrics.addMetric('Stale', MetricUnit.Count, counted.stale);
  metrics.addMetric('Conflict', MetricUnit.Count, counted.conflict);
  metrics.addMetric('Quarantined', MetricUnit.Count, counted.quarantined);
  metrics.addMetric('BatchItemFailures', MetricUnit.Count, response.batchItemFailures.length);
  const ages = recordAges(settledArrivals(event, response), Date.now());
  if (ages !== undefined) {
    metrics.addMetric('StageLatency', MetricUnit.Milliseconds, ages.oldest_ms);
    metrics.addMetric('PositionLag', MetricUnit.Milliseconds, ages.newest_ms);
  }
  metrics.publishStoredMetrics();
  logger.info('Batch processed.', { records, ...counted, failed });
  if (failed > 0) {
    logger.warn('Records are left for the next delivery.', { reasons: report.failed });
  }
  if (quarantined.length > 0) {
    logger.warn('Records were quarantined.', {
      total: quarantined.length,
      first: quarantined.slice(0, LOGGED_MAX),
    });
  }
}
