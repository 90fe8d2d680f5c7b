import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type Batch,
  type CommitReport,
  createStrategy,
  type Strategy,
  type TransactionPort,
} from '@oncefold/commit';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { powertools } from '@oncefold/commit/powertools';
import { clientOptions } from '../environment/client-options.ts';
import { composeStage, REQUEST_TIMEOUT_MS } from '../environment/compose-stage.ts';
import type { Environment } from '../environment/environment.ts';
import type { QuarantineOptions } from '../quarantine/quarantine-record.ts';
import { publishCommit } from './publish-commit.ts';

/** The SDK's default. */
const STORE_ATTEMPTS_MAX = 3;
const RETENTION_SECONDS_MAX = 2 * 366 * 24 * 60 * 60;

/** What a function that commits is made of, apart from its contributions and its effect. */
export interface CommitComposition {
  readonly logger: Logger;
  readonly transactions: TransactionPort;
  readonly strategy: Strategy;
  /** How long a marker and a row of sums are kept, in seconds. */
  readonly retentionSeconds: number;
  readonly quarantine: QuarantineOptions;
  /** Publishes the figures of a batch that was committed, and then fails a share of the invocations, where that is on. */
  readonly onCommitted: (report: CommitReport, batch: Batch) => Promise<void>;
}

/**
 * Builds what every function that commits has in common.
 *
 * @param failureParameter - name of the parameter with this function's percentage of induced failures
 * @throws {@link EnvironmentError} when a variable is missing or wrong; it names the variable
 */
export function composeCommit(environment: Environment, failureParameter: string): CommitComposition {
  const stage = composeStage(environment, { failureParameter, attemptsMax: 1 });
  const { namespace, consumer } = stage;
  const retentionSeconds = environment.integer('LEDGER_RETENTION_SECONDS', {
    min: 1,
    max: RETENTION_SECONDS_MAX,
  });
  const publish = publishCommit(stage);
  return {
    logger: stage.logger,
    transactions: createDynamoDbTransactions(stage.client),
    strategy: composeStrategy(environment, { namespace, consumer, retentionSeconds }),
    retentionSeconds,
    quarantine: { namespace, consumer, table: environment.text('QUARANTINE_TABLE') },
    onCommitted: async (report, batch) => {
      publish(report, batch);
      await stage.induceFailure();
    },
  };
}

function composeStrategy(
  environment: Environment,
  options: { readonly namespace: string; readonly consumer: string; readonly retentionSeconds: number },
): Strategy {
  const code = environment.text('STRATEGY');
  const { namespace, consumer, retentionSeconds } = options;
  if (code === 'powertools') {
    const store = new DynamoDBPersistenceLayer({
      tableName: environment.text('IDEMPOTENCY_TABLE'),
      // Its requests are conditional or overwrite themselves, so the SDK may send them again as it does by default.
      awsSdkV3Client: new DynamoDBClient(
        clientOptions({
          attemptsMax: STORE_ATTEMPTS_MAX,
          requestTimeoutMs: REQUEST_TIMEOUT_MS,
          connectionsMax: 1,
        }),
      ),
    });
    return powertools({ namespace, consumer, store, expiresAfterSeconds: retentionSeconds });
  }
  return createStrategy(code, {
    namespace,
    consumer,
    ledgerTable: environment.text('LEDGER_TABLE'),
    ledgerRetentionSeconds: retentionSeconds,
    positionTable: environment.text('POSITION_TABLE'),
    parallelizationFactor: environment.integer('PARALLELIZATION_FACTOR', { min: 1, max: 10 }),
    formerSource: environment.optionalText('FORMER_SOURCE'),
  });
}
