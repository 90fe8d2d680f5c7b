import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type Batch,
  type CommitReport,
  createStrategy,
  RETENTION_SECONDS_MAX,
  redrive,
  type Strategy,
  type StrategyOptions,
  type TransactionPort,
} from '@oncefold/commit';
import { createDynamoDbReader, createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { powertools } from '@oncefold/commit/powertools';
import type { QuarantineOptions } from '@oncefold/middleware/quarantine';
import { clientOptions } from '../environment/client-options.ts';
import { composeStage, REQUEST_TIMEOUT_MS } from '../environment/compose-stage.ts';
import type { Environment } from '../environment/environment.ts';
import type { RedriveDoor } from '../redrive/with-redrive.ts';
import { publishCommit } from './publish-commit.ts';

/** The SDK's default. */
const STORE_ATTEMPTS_MAX = 3;

/** What a function that commits is made of, apart from its contributions and its effect. */
export interface CommitComposition {
  readonly logger: Logger;
  readonly transactions: TransactionPort;
  readonly strategy: Strategy;
  readonly door: RedriveDoor;
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
    ...composeGuards(environment, { namespace, consumer, retentionSeconds }),
    retentionSeconds,
    quarantine: { namespace, consumer, table: environment.text('QUARANTINE_TABLE') },
    onCommitted: async (report, batch) => {
      publish(report, batch);
      await stage.induceFailure();
    },
  };
}

function composeGuards(
  environment: Environment,
  options: { readonly namespace: string; readonly consumer: string; readonly retentionSeconds: number },
): { readonly strategy: Strategy; readonly door: RedriveDoor } {
  const code = environment.text('STRATEGY');
  if (code === 'powertools') {
    return { strategy: composePowertools(environment, options), door: closedDoor(code) };
  }
  const { namespace, consumer, retentionSeconds } = options;
  const names: StrategyOptions = {
    namespace,
    consumer,
    ledgerTable: environment.text('LEDGER_TABLE'),
    ledgerRetentionSeconds: retentionSeconds,
    positionTable: environment.text('POSITION_TABLE'),
    parallelizationFactor: environment.integer('PARALLELIZATION_FACTOR', { min: 1, max: 10 }),
    formerSource: environment.optionalText('FORMER_SOURCE'),
    keepsRanges: environment.flag('RANGE_MARKERS'),
  };
  const strategy = createStrategy(code, names);
  return { strategy, door: composeDoor(code, names) };
}

function composePowertools(
  environment: Environment,
  options: { readonly namespace: string; readonly consumer: string; readonly retentionSeconds: number },
): Strategy {
  const { namespace, consumer, retentionSeconds } = options;
  const store = new DynamoDBPersistenceLayer({
    tableName: environment.text('IDEMPOTENCY_TABLE'),
    // Its requests are conditional or overwrite themselves, so the SDK may send them again as it does by default.
    awsSdkV3Client: createRetryingClient(),
  });
  return powertools({ namespace, consumer, store, expiresAfterSeconds: retentionSeconds });
}

function composeDoor(code: string, names: StrategyOptions): RedriveDoor {
  if (code !== 'ledger' && code !== 'checkpoint') {
    return closedDoor(code);
  }
  const { namespace, consumer, formerSource, ledgerTable, ledgerRetentionSeconds: retentionSeconds } = names;
  if (code === 'checkpoint' && names.keepsRanges !== true) {
    return { code: 'closed', reason: 'the strategy checkpoint leaves no range markers: set RANGE_MARKERS' };
  }
  const common = { namespace, consumer, formerSource };
  return {
    code: 'open',
    strategy: redrive({
      ledger: { ...common, table: ledgerTable, retentionSeconds, now: Date.now },
      ...(code === 'ledger'
        ? { formerPositions: names.positionTable }
        : {
            checkpoint: {
              ...common,
              table: names.positionTable,
              startsTable: ledgerTable,
              parallelizationFactor: names.parallelizationFactor,
              ranges: { retentionSeconds, now: Date.now },
            },
          }),
      reader: createDynamoDbReader(createRetryingClient(), { timeoutMs: REQUEST_TIMEOUT_MS }),
    }),
  };
}

function closedDoor(code: string): RedriveDoor {
  return {
    code: 'closed',
    reason: `the strategy ${code} does not know what it has applied of a batch that was given up; compare the sums with the trades and correct them`,
  };
}

function createRetryingClient(): DynamoDBClient {
  return new DynamoDBClient(
    clientOptions({
      attemptsMax: STORE_ATTEMPTS_MAX,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      connectionsMax: 1,
    }),
  );
}
