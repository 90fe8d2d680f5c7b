import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type Effect,
  incrementEach,
  type RedriveOptions,
  redrive,
  rowOfSums,
  type Strategy,
  type TransactionPort,
} from '@oncefold/commit';
import {
  createRecountGuard,
  createRecountReader,
  type ReadRecounts,
  type RecountGuard,
  withRedrive,
} from '@oncefold/function-kit';
import { foldChanges } from '@oncefold/map-function/fold-changes';
import type { RecountOptions } from '@oncefold/operations/recount';
import { foldRows } from '@oncefold/reduce-function/fold-rows';
import { rowId } from '@oncefold/reduce-function/row-id';
import type {
  FunctionDefinition,
  FunctionEnvironment,
  ProgramEnvironment,
  SimulatedBucket,
  SimulatedClient,
} from '@oncefold/simulator';
import {
  createDynamoDbAccountingStore,
  createDynamoDbQuarantineStore,
  createDynamoDbStateStore,
} from '@oncefold/state-function/dynamodb';
import { type BatchPorts, processBatch } from '@oncefold/state-function/process-batch';
import { createTradeHierarchy, isRecountKey } from '@oncefold/trades';
import type { DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda';
import {
  createStrategy as createCommitStrategy,
  RETENTION_SECONDS,
  redriveOptions,
  type SimulatedStrategy,
} from './strategies.ts';

/** Separates this stack from others. */
export const NAMESPACE = 'simulated';

/** Time of one invocation; the template has 60 s. */
const TIMEOUT_MS = 20_000;
/** How often the SDK itself sends a request of the state function. */
const STATE_ATTEMPTS_MAX = 3;
/** How often it sends the request for the recount that runs. */
const RECOUNT_ATTEMPTS_MAX = 3;

export const RECOUNT_TABLE = 'RecountTable';

/** The dimensions by which one deployment after the other sums trades. */
export const deployedDimensions: readonly (readonly [string, ...string[]])[] = [
  ['RiskType', 'TradeDesk', 'Region'],
  ['Region', 'TradeDesk'],
  ['RiskType', 'TradeDesk', 'Region'],
  ['TradeDesk'],
];

/** What a stage is made of, for a planted defect to put something around. */
export interface PipelineParts {
  /** Around the ports of the state function. */
  readonly statePorts?: (ports: BatchPorts, environment: FunctionEnvironment) => BatchPorts;
  /** In place of the state function's use case. */
  readonly processBatch?: (process: typeof processBatch) => typeof processBatch;
  /** Before the state function reads an event. */
  readonly stateEvent?: (event: KinesisStreamEvent, environment: FunctionEnvironment) => KinesisStreamEvent;
  /** Before the map function reads an event. */
  readonly mapEvent?: (event: DynamoDBStreamEvent, environment: FunctionEnvironment) => DynamoDBStreamEvent;
  /** Around the port of map and reduce. */
  readonly transactions?: (transactions: TransactionPort, stage: 'map' | 'reduce') => TransactionPort;
  /** Around what tells map which recount runs. */
  readonly readRecounts?: (read: ReadRecounts) => ReadRecounts;
  /** In place of the limits of `oncefold rebuild`. */
  readonly recountLimits?: RecountOptions['limits'];
  /** Around the client of `oncefold rebuild`. */
  readonly recountClient?: (client: SimulatedClient) => SimulatedClient;
  /** In place of the guard of batches that were given up. */
  readonly redriveStrategy?: (options: RedriveOptions, own: Strategy) => Strategy;
  /** Around what keeps such a batch and a recount apart. */
  readonly recountGuard?: (guard: RecountGuard) => RecountGuard;
  /** Around the bucket, as `oncefold redrive` sees it. */
  readonly failedBatches?: (bucket: SimulatedBucket) => SimulatedBucket;
  /** Around the invocations of `oncefold redrive`. */
  readonly invoke?: (invoke: ProgramEnvironment['invoke']) => ProgramEnvironment['invoke'];
}

/** How a stage that commits is deployed. */
export interface StageOptions {
  readonly strategy: SimulatedStrategy;
  readonly concurrencyMax: number;
  /** Most keys of one commit; absent: as many as are deployed. With few, small batches need several transactions. */
  readonly keysMax?: number | undefined;
}

/** Kinesis → StateTable, with quarantine and accounts. */
export function stateFunction(
  options: {
    readonly concurrencyMax: number;
    /** Which of {@link deployedDimensions} come first; absent: the first. */
    readonly firstDimensions?: number | undefined;
  },
  parts: PipelineParts = {},
): FunctionDefinition {
  const { concurrencyMax, firstDimensions = 0 } = options;
  return {
    name: 'state',
    timeoutMs: TIMEOUT_MS,
    concurrencyMax,
    describeVersion: (version) => describeDimensions(firstDimensions + version),
    create: (environment) => {
      const client = environment.createClient(STATE_ATTEMPTS_MAX) as unknown as DynamoDBClient;
      const hierarchy = hierarchyOf(firstDimensions + environment.version);
      const own: BatchPorts = {
        state: createDynamoDbStateStore(client, { table: 'StateTable', hierarchy }),
        quarantine: createDynamoDbQuarantineStore(client, { table: 'QuarantineTable' }),
        accounting: createDynamoDbAccountingStore(client, { table: 'AccountingTable' }),
        clock: environment.clock,
        readRecounts: readRecountsIn(environment),
      };
      const ports = parts.statePorts?.(own, environment) ?? own;
      const settings = { hierarchy, namespace: NAMESPACE, consumer: 'state', requestsMax: 4 };
      return async (event: KinesisStreamEvent, context) => {
        const read = parts.stateEvent?.(event, environment) ?? event;
        const process = parts.processBatch?.(processBatch) ?? processBatch;
        const report = await process(read, context.getRemainingTimeInMillis(), ports, settings);
        for (const [outcome, count] of Object.entries(report.counted)) {
          if (count > 0) {
            environment.report(`outcome: ${outcome}`);
          }
        }
        for (const reason of Object.keys(report.failed)) {
          environment.report(`state failed: ${reason}`);
        }
        return report.response;
      };
    },
  };
}

/** StateTable's stream → rows of sums. */
export function mapFunction(options: StageOptions, parts: PipelineParts = {}): FunctionDefinition {
  return {
    name: 'map',
    timeoutMs: TIMEOUT_MS,
    concurrencyMax: options.concurrencyMax,
    create: (environment) => {
      const quarantine = { namespace: NAMESPACE, consumer: 'map', table: 'QuarantineTable' };
      const unrecordedHierarchy = hierarchyOf(0);
      const effect = rowOfSums({
        table: 'ReduceTable',
        key: 'MessageId',
        attribute: 'Message',
        expiry: { attribute: 'ExpiresAt', afterSeconds: RETENTION_SECONDS, now: environment.clock.now },
        apart: { attribute: 'Recount', holds: isRecountKey },
      });
      const own = readRecountsIn(environment);
      const commit = commitOptions('map', { environment, effect, options, parts });
      const guard = createRecountGuard(commit.transactions, { table: RECOUNT_TABLE });
      const fold = foldChanges({
        readRecounts: parts.readRecounts?.(own) ?? own,
        recountGuard: parts.recountGuard?.(guard) ?? guard,
        changes: { unrecordedHierarchy, expiredTrades: 'retract', quarantine },
      });
      return withRedrive(commit, (event: DynamoDBStreamEvent) =>
        fold(parts.mapEvent?.(event, environment) ?? event),
      );
    },
  };
}

/** ReduceTable's stream → nodes. */
export function reduceFunction(options: StageOptions, parts: PipelineParts = {}): FunctionDefinition {
  return {
    name: 'reduce',
    timeoutMs: TIMEOUT_MS,
    concurrencyMax: options.concurrencyMax,
    create: (environment) => {
      const quarantine = { namespace: NAMESPACE, consumer: 'reduce', table: 'QuarantineTable' };
      const effect = incrementEach({
        table: 'AggregateTable',
        key: 'Identifier',
        attribute: 'Value',
        apart: { table: RECOUNT_TABLE, holds: isRecountKey },
      });
      const commit = commitOptions('reduce', { environment, effect, options, parts });
      const { identifiesBy } = commit.strategy;
      const guard = createRecountGuard(commit.transactions, { table: RECOUNT_TABLE });
      const read = readRecountsIn(environment);
      const fold = foldRows({
        rows: { identifiesBy, countsRecount: true, quarantine },
        recounts: {
          read: parts.readRecounts?.(read) ?? read,
          guard: parts.recountGuard?.(guard) ?? guard,
        },
      });
      return withRedrive(
        {
          ...commit,
          recordId: identifiesBy === 'id' ? rowId : undefined,
          redriveId: rowId,
        },
        fold,
      );
    },
  };
}

function commitOptions(
  stage: 'map' | 'reduce',
  options: {
    readonly environment: FunctionEnvironment;
    readonly effect: Effect;
    readonly options: StageOptions;
    readonly parts: PipelineParts;
  },
) {
  const { environment, effect, parts } = options;
  const { strategy: code, keysMax = effect.keysMax } = options.options;
  const { transactions, clock, report } = environment;
  const names = { namespace: NAMESPACE, consumer: stage };
  const strategy = createCommitStrategy(code, environment, names);
  return {
    transactions: parts.transactions?.(transactions, stage) ?? transactions,
    strategy,
    door: doorOf(code, { environment, names, strategy, parts }),
    effect: { ...effect, keysMax },
    clock,
    logger: silent,
    onCommitted: ({ commits }: { readonly commits: number }) => {
      report(`${stage}: ${commits === 0 ? 'nothing' : commits === 1 ? 'one commit' : 'several commits'}`);
    },
  };
}

const silent = { info: () => {} };

/** As in the composition root: only some strategies know what they have applied of a batch that was given up. */
function doorOf(
  code: SimulatedStrategy,
  context: {
    readonly environment: FunctionEnvironment;
    readonly names: { readonly namespace: string; readonly consumer: string };
    readonly strategy: Strategy;
    readonly parts: PipelineParts;
  },
) {
  const { environment, names, strategy, parts } = context;
  if (code !== 'ledger' && code !== 'checkpoint') {
    return { code: 'closed', reason: `the strategy is ${code}` } as const;
  }
  const options = redriveOptions(code, environment, names);
  return { code: 'open', strategy: parts.redriveStrategy?.(options, strategy) ?? redrive(options) } as const;
}

function readRecountsIn(environment: FunctionEnvironment): ReadRecounts {
  const client = environment.createClient(RECOUNT_ATTEMPTS_MAX) as unknown as DynamoDBClient;
  return createRecountReader(client, { table: RECOUNT_TABLE });
}

function hierarchyOf(version: number) {
  const dimensions = deployedDimensions[version % deployedDimensions.length];
  if (dimensions === undefined) {
    throw new Error('invariant: every version has dimensions');
  }
  return createTradeHierarchy(dimensions);
}

function describeDimensions(version: number): string {
  return `new trades are summed by ${deployedDimensions[version % deployedDimensions.length]?.join(', ')}`;
}
