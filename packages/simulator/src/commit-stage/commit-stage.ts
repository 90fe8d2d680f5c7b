import {
  type CommitReport,
  type Effect,
  incrementEach,
  type RetryLimits,
  rowOfSums,
  type Strategy,
} from '@oncefold/commit';
import { commitOnce, type RecordContribution } from '@oncefold/middleware';
import { type Decimal, parseSum } from '@oncefold/reducer';
import type {
  ApplicationLimits,
  FunctionDefinition,
  FunctionEnvironment,
  MappingDefinition,
  Simulation,
  StreamDefinition,
} from '../application.ts';
import { checkCommits } from '../checker/check-commits.ts';
import type { Draw } from '../random/draw.ts';
import type { TableDefinition } from '../store/store.ts';
import { drawLoad, type LoadedRecord, leafKey, PARENT_KEY, recordOf } from './commit-load.ts';
import { coverStrategy } from './cover-strategy.ts';

/** What a strategy is made with in a sandbox. */
export interface StrategyEnvironment extends FunctionEnvironment {
  readonly namespace: string;
  readonly consumer: string;
  /** That of the mapping. */
  readonly parallelizationFactor: number;
}

/** A stage that commits, with a strategy of anybody's. */
export interface CommitStageOptions {
  /** Name of the simulation, for people. */
  readonly name?: string;
  /** Makes the strategy, once per sandbox. */
  readonly strategy: (environment: StrategyEnvironment) => Strategy;
  /** Tables of the strategy's own, beside `Positions` and `Ledger`. */
  readonly tables?: readonly TableDefinition[];
  /** Most batches of one shard at once: 1 for a guard that knows positions. Default 1. */
  readonly parallelizationFactorMax?: number;
  /** Whether the strategy knows records by their names, so that a record that its producer sends twice counts once. Default false. */
  readonly knowsNames?: boolean;
  /** Puts something around the handler or the port: a middleware, or a planted defect. */
  readonly wrap?: (parts: StageParts) => StageParts;
}

/** What a function of the stage is made of. */
export interface StageParts {
  readonly environment: FunctionEnvironment;
  readonly effect: Effect;
  readonly fold: Fold;
  readonly recordId: ((record: StageRecord) => string | undefined) | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: an event of either kind of stream
type StageRecord = any;
type Fold = (event: { readonly Records: readonly StageRecord[] }) => readonly RecordContribution[];

const NAMES = { namespace: 'shop', consumer: 'totals' } as const;

/** Tables of the built-in strategies and of the stage itself. */
const TABLES: readonly TableDefinition[] = [
  { name: 'Aggregates', key: ['Identifier'] },
  { name: 'Rows', key: ['MessageId'] },
  { name: 'Ledger', key: ['Marker'], timeToLive: 'ExpiresAt' },
  { name: 'Positions', key: ['Position'] },
];

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
 * Each history draws one or two streams with the same shard ids and sequence numbers, batch sizes, records of 0 to 80 keys, and
 * whether sums or rows of sums are written.
 *
 * @param options - the strategy under test
 * @returns the simulation, for {@link runHistory}
 */
export function commitStage(options: CommitStageOptions): Simulation {
  return {
    name: options.name ?? 'commit',
    draw: (draw, limits) => {
      const shape = drawShape(draw, limits, options);
      const load = drawLoad(draw.fork('load'), {
        streams: shape.streams,
        isRepeating: options.knowsNames ?? false,
        kept: limits.keptRecords,
        leavesMax: limits.keysMax,
      });
      const lastAtMs = load.puts.at(-1)?.atMs ?? 0;
      return {
        tables: [...TABLES, ...(options.tables ?? [])],
        streams: shape.streams,
        functions: [createStage(options, shape)],
        mappings: shape.mappings,
        load: load.puts,
        recordNumbers: load.records.map(({ power }) => power),
        observed: [shape.isRows ? 'Rows' : 'Aggregates', 'Positions'],
        faultsEndMs: lastAtMs + draw.pick([5_000, 60_000, 15 * 60_000]),
        check: (history) =>
          checkCommits(history, { table: shape.isRows ? 'Rows' : 'Aggregates', truth: load.records }),
      };
    },
  };
}

interface Shape {
  readonly streams: readonly StreamDefinition[];
  readonly mappings: readonly MappingDefinition[];
  readonly isRows: boolean;
  readonly concurrencyMax: number;
  readonly parallelizationFactor: number;
}

function drawShape(draw: Draw, limits: ApplicationLimits, options: CommitStageOptions): Shape {
  const kind = draw.pick<StreamDefinition['kind']>(['kinesis', 'kinesis', 'dynamodb']);
  const shards = draw.integer(1, 3);
  const streamCount = draw.pick([1, 1, 2]);
  const streams = ['Orders', 'Returns']
    .slice(0, Math.min(streamCount, limits.streamsMax ?? streamCount))
    .map((name): StreamDefinition => ({ name, kind, shards: Math.min(shards, limits.shardsMax ?? shards) }));
  const factor = draw.integer(1, Math.max(1, options.parallelizationFactorMax ?? 1));
  // A stream of a table tells its shard only to a mapping with a tumbling window, which has no parallel batches.
  const isWindowed = kind === 'dynamodb' && (factor === 1 || draw.chance(0.5));
  const parallelizationFactor = isWindowed ? 1 : factor;
  const settings: MappingDefinition['settings'] = {
    batchSize: draw.pick([1, 3, 6, 20]),
    maximumBatchingWindowInSeconds: draw.pick([0, 0, 1]),
    parallelizationFactor,
    ...(isWindowed && { tumblingWindowInSeconds: draw.integer(1, 30) }),
    bisectBatchOnFunctionError: draw.chance(0.2),
    behaviour: { retryGrouping: draw.chance(0.3) ? 'recut' : 'same' },
  };
  return {
    streams,
    mappings: streams.map(({ name }) => ({ function: 'totals', source: name, settings })),
    isRows: draw.chance(0.4),
    concurrencyMax: Math.min(draw.integer(2, 6), limits.concurrencyMax ?? 6),
    parallelizationFactor,
  };
}

function createStage(options: CommitStageOptions, shape: Shape): FunctionDefinition {
  const effect = shape.isRows
    ? rowOfSums({ table: 'Rows', key: 'MessageId', attribute: 'Message' })
    : incrementEach({ table: 'Aggregates', key: 'Identifier', attribute: 'Value' });
  return {
    name: 'totals',
    timeoutMs: 15_000,
    concurrencyMax: shape.concurrencyMax,
    create: (given) => {
      const parts: StageParts = {
        environment: given,
        effect,
        fold,
        recordId: options.knowsNames ? (record: StageRecord) => recordOf(record).id : undefined,
      };
      const { environment, ...wrapped } = options.wrap?.(parts) ?? parts;
      const strategy = options.strategy({
        ...environment,
        ...NAMES,
        parallelizationFactor: shape.parallelizationFactor,
      });
      return commitOnce(
        {
          transactions: environment.transactions,
          strategy: coverStrategy(strategy, environment.report),
          effect: wrapped.effect,
          ...(wrapped.recordId && { recordId: wrapped.recordId }),
          clock: environment.clock,
          limits: LIMITS,
          onCommitted: (report) => reportCommit(report, environment),
        },
        wrapped.fold,
      );
    },
  };
}

function fold({ Records }: Parameters<Fold>[0]): readonly RecordContribution[] {
  return Records.map((record) => ({ contribution: contributionOf(recordOf(record)) }));
}

/** Each leaf grows by 10^power, and their parent by as much as all of them. */
function contributionOf({ power, leaves }: LoadedRecord): Map<string, Decimal> {
  const contribution = new Map<string, Decimal>();
  if (leaves.length === 0) {
    return contribution;
  }
  const zeros = '0'.repeat(power);
  const one = parseSum(`1${zeros}`);
  for (const leaf of leaves) {
    contribution.set(leafKey(leaf), one);
  }
  contribution.set(PARENT_KEY, parseSum(`${leaves.length}${zeros}`));
  return contribution;
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
