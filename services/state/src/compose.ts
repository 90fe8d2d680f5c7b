import {
  composeRecountReader,
  composeStage,
  EnvironmentError,
  REQUESTS_MAX,
  readEnvironment,
  readHierarchy,
  type Stage,
} from '@oncefold/function-kit';
import { systemRequestClock } from '@oncefold/versioned-upsert';
import { createDynamoDbAccountingStore } from './dynamodb/accounting-store.ts';
import { createDynamoDbQuarantineStore } from './dynamodb/quarantine-store.ts';
import { createDynamoDbStateStore } from './dynamodb/state-store.ts';
import type { BatchPorts, BatchSettings } from './process-batch.ts';
import { publishBatch } from './publish-batch.ts';

/** What is still unavailable after these is requested again by the use case, within the invocation's time. */
const ATTEMPTS_MAX = 3;

export interface Composition extends Pick<Stage, 'logger' | 'induceFailure'> {
  readonly ports: BatchPorts;
  readonly settings: BatchSettings;
  readonly publish: ReturnType<typeof publishBatch>;
}

/** Reads the environment once and builds what the state function needs. */
export function compose(variables: Readonly<Record<string, string | undefined>>): Composition {
  const environment = readEnvironment(variables);
  // With more, a batch that is behind another one of its shard would be taken for counted.
  if (environment.integer('PARALLELIZATION_FACTOR', { min: 1, max: 10 }) !== 1) {
    throw new EnvironmentError(
      'PARALLELIZATION_FACTOR must be 1: records are counted by their position in the shard, and batches of one shard that run' +
        ' at the same time overtake each other; set ParallelizationFactor of the event source mapping to 1, and use more shards',
    );
  }
  const stage = composeStage(environment, {
    failureParameter: 'FAILURE_STATE_LAMBDA_PCT',
    attemptsMax: ATTEMPTS_MAX,
  });
  const { logger, client, namespace, consumer, induceFailure } = stage;
  const hierarchy = readHierarchy(environment, 'HIERARCHY_DIMENSIONS');
  return {
    logger,
    induceFailure,
    ports: {
      state: createDynamoDbStateStore(client, { table: environment.text('STATE_TABLE'), hierarchy }),
      quarantine: createDynamoDbQuarantineStore(client, { table: environment.text('QUARANTINE_TABLE') }),
      accounting: createDynamoDbAccountingStore(client, { table: environment.text('ACCOUNTING_TABLE') }),
      clock: systemRequestClock,
      readRecounts: composeRecountReader(environment),
    },
    settings: {
      hierarchy,
      namespace,
      consumer,
      formerSource: environment.optionalText('FORMER_SOURCE'),
      requestsMax: REQUESTS_MAX,
    },
    publish: publishBatch(stage),
  };
}
