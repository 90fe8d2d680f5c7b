import {
  type CommitReport,
  type Effect,
  incrementEach,
  type RetryLimits,
  rowOfSums,
  type Strategy,
} from '@oncefold/commit';
import { commitOnce, type LambdaContext, type RecordContribution } from '@oncefold/middleware';
import type {
  ApplicationLimits,
  FunctionDefinition,
  FunctionEnvironment,
  MappingDefinition,
  SimulatedHandler,
  Simulation,
  StreamDefinition,
} from '../application.ts';
import { checkCommits } from '../checker/check-commits.ts';
import type { Draw } from '../random/draw.ts';
import type { Turn } from '../scheduler/turn.ts';
import type { TableDefinition } from '../store/store.ts';
import {
  drawLoad,
  type LoadedRecord,
  recordOf,
  type StageEvent,
  type StageRecord,
  unpackRecords,
} from './commit-load.ts';
import { contributionsOf } from './contributions-of.ts';
import { coverStrategy } from './cover-strategy.ts';
import { type StackTables, stackTables, stageTables } from './stage-tables.ts';

/** Names of one deployment of the stage. */
export interface StackNames {
  readonly namespace: string;
  readonly consumer: string;
}

/** What a strategy is made with in a sandbox. */
export interface StrategyEnvironment extends FunctionEnvironment, StackNames {
  /** That of the mapping. */
  readonly parallelizationFactor: number;
}

/** A stage that commits, with a strategy of anybody's. */
export interface CommitStageOptions {
  /** Name of the simulation, for people. */
  readonly name?: string;
  /** Makes the strategy, once per sandbox. */
  readonly strategy: (environment: StrategyEnvironment) => Strategy;
  /** Lets promises run, where the strategy needs more than that. */
  readonly turn?: Turn;
  /** Tables of the strategy's own, beside `Positions` and `Ledger`. */
  readonly tables?: readonly TableDefinition[];
  /** Most batches of one shard at once: 1 for a guard that knows positions. Default 1. */
  readonly parallelizationFactorMax?: number;
  /** Whether the strategy knows records by their names, so that a record that its producer sends twice counts once. Default false. */
  readonly knowsNames?: boolean;
  /** Puts something around the handler, the fold or the port: a middleware, or a planted defect. */
  readonly wrap?: (parts: StageParts) => StageParts;
}

/** What a function of the stage is made of. */
export interface StageParts {
  readonly environment: FunctionEnvironment;
  readonly effect: Effect;
  readonly fold: (event: StageEvent) => readonly RecordContribution[];
  readonly recordId: ((record: StageRecord) => string | undefined) | undefined;
  /** Goes around the finished handler. */
  readonly around: (handler: SimulatedHandler) => SimulatedHandler;
}

/** Short pauses make a history short; the number of attempts is that of the default. */
const LIMITS: RetryLimits = {
  attemptsMax: 14,
  backoffBaseMs: 25,
  backoffMaxMs: 2_000,
  requestTimeoutMs: 5_000,
};

/**
 * The simulation of one stage: streams, their mappings, and a function that commits what it is given.
 *
 * Each history draws one or two streams with the same shard ids and sequence numbers, batch sizes, records of 0 to 80 keys with
 * and without writes of their own, whether sums or rows of sums are written, and now and then a second deployment that reads the
 * same streams and shares the tables of the guards.
 *
 * @param options - the strategy under test
 * @returns the simulation, for {@link runHistory}
 */
export function commitStage(options: CommitStageOptions): Simulation {
  return {
    name: options.name ?? 'commit',
    turn: options.turn,
    draw: (draw, limits) => {
      const shape = drawShape(draw, limits, options);
      const load = drawLoad(draw.fork('load'), {
        streams: shape.streams,
        isRepeating: options.knowsNames ?? false,
        kept: limits.keptRecords,
        leavesMax: limits.keysMax,
      });
      // Small transactions are as good as wide records in making a batch need several, and cost less.
      const sizes = draw.fork('keys');
      const keysMax = sizes.chance(0.6) ? widestOf(load.records) + sizes.pick([0, 0, 1, 2]) : undefined;
      const stacks = shape.stacks.map(({ tables }) => tables);
      const written = stacks.map(({ rows, aggregates }) => (shape.isRows ? rows : aggregates));
      const besides = load.records.some((record) => record.isTallied || record.pieces !== undefined)
        ? stacks.flatMap(({ tallies, kept, pieces }) => [tallies, kept, pieces])
        : [];
      return {
        tables: [...stageTables, ...(options.tables ?? [])],
        streams: shape.streams,
        functions: shape.stacks.map((stack) => createStage(options, { ...shape, keysMax }, stack)),
        mappings: shape.mappings,
        load: load.puts,
        recordNumbers: load.records.map(({ power }) => power),
        observed: [...written, ...besides, 'Positions'],
        faultsEndMs: (load.puts.at(-1)?.atMs ?? 0) + draw.pick([5_000, 60_000, 15 * 60_000]),
        check: (history) => checkCommits(history, { stacks, isRows: shape.isRows, truth: load.records }),
      };
    },
  };
}

/** One deployment of the stage. */
interface Stack extends StackNames {
  readonly functionName: string;
  readonly tables: StackTables;
}

const FIRST_STACK: Stack = {
  functionName: 'totals',
  namespace: 'shop',
  consumer: 'totals',
  tables: stackTables[0],
};

/** Deployments beside the first one: in another namespace, or of another consumer. */
const OTHER_STACKS: readonly Stack[] = [
  { ...FIRST_STACK, functionName: 'other-totals', namespace: 'test', tables: stackTables[1] },
  { ...FIRST_STACK, functionName: 'other-totals', consumer: 'other-totals', tables: stackTables[1] },
];

interface Shape {
  readonly streams: readonly StreamDefinition[];
  readonly stacks: readonly Stack[];
  readonly mappings: readonly MappingDefinition[];
  readonly isRows: boolean;
  readonly concurrencyMax: number;
  readonly parallelizationFactor: number;
}

function drawShape(draw: Draw, limits: ApplicationLimits, options: CommitStageOptions): Shape {
  const kind = draw.pick<StreamDefinition['kind']>(['kinesis', 'kinesis', 'dynamodb']);
  const shards = draw.pick([1, 1, 2, 3]);
  const streamCount = draw.pick([1, 1, 1, 2]);
  const streams = ['Orders', 'Returns']
    .slice(0, Math.min(streamCount, limits.streamsMax ?? streamCount))
    .map((name): StreamDefinition => ({ name, kind, shards: Math.min(shards, limits.shardsMax ?? shards) }));
  const factor = draw.integer(1, Math.max(1, options.parallelizationFactorMax ?? 1));
  // A stream of a table tells its shard only to a mapping with a tumbling window, which has no parallel batches.
  const isWindowed = kind === 'dynamodb' && (factor === 1 || draw.chance(0.5));
  const parallelizationFactor = isWindowed ? 1 : factor;
  const settings: MappingDefinition['settings'] = {
    batchSize: draw.pick([1, 3, 10, 20]),
    maximumBatchingWindowInSeconds: draw.pick([0, 1, 5]),
    parallelizationFactor,
    ...(isWindowed && { tumblingWindowInSeconds: draw.integer(1, 30) }),
    bisectBatchOnFunctionError: draw.chance(0.2),
    ...drawGivingUp(draw.fork('giving up')),
    behaviour: { retryGrouping: draw.chance(0.3) ? 'recut' : 'same' },
  };
  const others = draw.fork('stacks');
  const stacks = others.chance(0.12) ? [FIRST_STACK, others.pick(OTHER_STACKS)] : [FIRST_STACK];
  return {
    streams,
    stacks,
    mappings: stacks.flatMap(({ functionName }) =>
      streams.map(({ name }) => ({ function: functionName, source: name, settings })),
    ),
    isRows: draw.chance(0.4),
    concurrencyMax: Math.min(draw.integer(2, 6), limits.concurrencyMax ?? 6),
    parallelizationFactor,
  };
}

/** Most mappings try for as long as the stream has the records; some give them up, and tell a queue. */
function drawGivingUp(draw: Draw): Partial<MappingDefinition['settings']> {
  return draw.chance(0.06)
    ? {
        maximumRetryAttempts: draw.integer(0, 2),
        destinationConfig: { onFailure: { destination: 'arn:aws:sqs:us-east-1:123456789012:GivenUp' } },
      }
    : {};
}

/** Keys of the widest record: no transaction may hold fewer. */
function widestOf(records: readonly LoadedRecord[]): number {
  return 1 + Math.max(0, ...records.map(({ leaves }) => leaves.length));
}

function createStage(
  options: CommitStageOptions,
  { concurrencyMax, isRows, keysMax, parallelizationFactor }: Shape & { keysMax: number | undefined },
  { functionName, tables, namespace, consumer }: Stack,
): FunctionDefinition {
  const whole = isRows
    ? rowOfSums({ table: tables.rows, key: 'MessageId', attribute: 'Message' })
    : incrementEach({ table: tables.aggregates, key: 'Identifier', attribute: 'Value' });
  const effect: Effect = { ...whole, keysMax: Math.min(whole.keysMax, keysMax ?? whole.keysMax) };
  return {
    name: functionName,
    timeoutMs: 15_000,
    concurrencyMax,
    create: (given) => {
      const parts: StageParts = {
        environment: given,
        effect,
        fold: (event) => contributionsOf(event, tables, given.version),
        recordId: options.knowsNames ? (record) => recordOf(record).id : undefined,
        around: (handler) => handler,
      };
      const { environment, recordId, fold, around, ...wrapped } = options.wrap?.(parts) ?? parts;
      const strategy = options.strategy({ ...environment, namespace, consumer, parallelizationFactor });
      const commit = commitOnce(
        {
          transactions: environment.transactions,
          strategy: coverStrategy(strategy, environment.report),
          effect: wrapped.effect,
          // An event of the mapping is one of either kind; the middleware's own types know them one by one.
          ...(recordId && { recordId: recordId as (record: never) => string | undefined }),
          clock: environment.clock,
          limits: LIMITS,
          onCommitted: (report) => reportCommit(report, environment),
        },
        fold as (event: never) => readonly RecordContribution[],
      ) as unknown as (event: StageEvent, context: LambdaContext) => Promise<unknown>;
      return around((event, context) => commit(noteEvent(unpackRecords(event), environment), context));
    },
  };
}

/** What an event brings, for the coverage of a run. */
function noteEvent(event: StageEvent, { report: note }: FunctionEnvironment): StageEvent {
  const ids = new Set<string>();
  for (const record of event.Records) {
    const { id, isTallied, pieces = 0, leaves } = recordOf(record);
    ids.add(id);
    if (isTallied) {
      note('record: own write');
    }
    if (pieces > 0) {
      note('record: preparatory writes');
    }
    if (leaves.length === 0) {
      note('record: no keys');
    }
    if (record.kinesis?.subSequenceNumber !== undefined) {
      note('record: sub-record');
    }
  }
  if (ids.size < event.Records.length) {
    note('batch: equal ids');
  }
  return event;
}

/** What a batch met, for the coverage of a run. */
function reportCommit(report: CommitReport, { report: note }: FunctionEnvironment): void {
  for (const [name, value] of Object.entries(report)) {
    const count = Array.isArray(value) ? value.length : value;
    if (typeof count === 'number' && count > 0) {
      note(`report: ${name}`);
    }
  }
  if (report.commits > 1) {
    note('report: several commits');
  }
}
