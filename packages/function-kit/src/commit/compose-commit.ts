import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import {
  type Batch,
  type CommitReport,
  createStrategy,
  type Strategy,
  type TransactionPort,
} from '@oncefold/commit';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { powertools } from '@oncefold/commit/powertools';
import { createFunctionDynamoDb } from '../environment/create-function-dynamodb.ts';
import type { Environment } from '../environment/environment.ts';
import { induceFailures } from '../induced-failures/induced-failures.ts';
import { publishCommit } from './publish-commit.ts';

const REQUEST_TIMEOUT_MS = 5_000;
/** The SDK's default. */
const STORE_ATTEMPTS_MAX = 3;
const RETENTION_SECONDS_MAX = 2 * 366 * 24 * 60 * 60;

/** What a function that commits is made of, apart from its fold and its effect. */
export interface CommitComposition {
  readonly logger: Logger;
  readonly transactions: TransactionPort;
  readonly strategy: Strategy;
  readonly consumer: string;
  /** How long a marker and a row of sums are kept, in seconds. */
  readonly retentionSeconds: number;
  /** Publishes the figures of a batch that was committed, and then fails a share of the invocations, where that is on. */
  readonly onCommitted: (report: CommitReport, batch: Batch) => Promise<void>;
}

/**
 * Builds what every function that commits has in common.
 *
 * @param environment - the checked reader of the function's environment
 * @param failureParameter - name of the parameter with this function's share of induced failures
 * @throws {@link EnvironmentError} when a variable is missing or wrong; it names the variable
 */
export function composeCommit(environment: Environment, failureParameter: string): CommitComposition {
  const consumer = environment.text('CONSUMER');
  const retentionSeconds = environment.integer('LEDGER_RETENTION_SECONDS', {
    min: 1,
    max: RETENTION_SECONDS_MAX,
  });
  const seed = environment.optionalInteger('INDUCED_FAILURE_SEED', { min: 0, max: Number.MAX_SAFE_INTEGER });
  const client = createFunctionDynamoDb({
    attemptsMax: 1,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    connectionsMax: 4,
  });
  const logger = new Logger();
  const publish = publishCommit(new Metrics(), logger);
  const induceFailure = environment.flag('INDUCED_FAILURES')
    ? induceFailures({
        parameter: failureParameter,
        table: environment.text('PARAMETER_TABLE'),
        client,
        ...(seed === undefined ? {} : { seed }),
      })
    : undefined;
  return {
    logger,
    transactions: createDynamoDbTransactions(client),
    strategy: composeStrategy(environment, { consumer, retentionSeconds }),
    consumer,
    retentionSeconds,
    onCommitted: async (report, batch) => {
      publish(report, batch);
      await induceFailure?.();
    },
  };
}

function composeStrategy(
  environment: Environment,
  { consumer, retentionSeconds }: { consumer: string; retentionSeconds: number },
): Strategy {
  const code = environment.text('STRATEGY');
  const namespace = environment.text('NAMESPACE');
  if (code === 'powertools') {
    const store = new DynamoDBPersistenceLayer({
      tableName: environment.text('IDEMPOTENCY_TABLE'),
      // Its requests are conditional or overwrite themselves, so the SDK may send them again as it does by default.
      awsSdkV3Client: createFunctionDynamoDb({
        attemptsMax: STORE_ATTEMPTS_MAX,
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
        connectionsMax: 1,
      }),
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
