import type {
  Application,
  ApplicationLimits,
  Draw,
  ForeignWrite,
  MappingDefinition,
  Simulation,
  TableDefinition,
} from '@oncefold/simulator';
import { createTradeHierarchy, parseTrade, tradeToItem } from '@oncefold/trades';
import { checkPipeline, type PipelineTruth } from './check-pipeline.ts';
import { stageCoverage } from './coverage.ts';
import {
  deployedDimensions,
  mapFunction,
  type PipelineParts,
  RECOUNT_TABLE,
  reduceFunction,
  stateFunction,
} from './functions.ts';
import type { PipelineStage } from './pipeline-stage.ts';
import { drawRecount, nodesOfLoad, type RecountLoad } from './recount-load.ts';
import { drawRedrive, type RedriveLoad } from './redrive-load.ts';
import type { SimulatedStrategy } from './strategies.ts';
import { anyLoad, decimalOf, denseLoad, drawTradeLoad, type TradeLoad } from './trade-load.ts';

/** How the pipeline is simulated. */
export interface PipelineOptions {
  /** Strategies of map and reduce; absent: `ledger` or `checkpoint`, drawn for each of them. */
  readonly strategy?: SimulatedStrategy | undefined;
  /** Put around the functions, for a planted defect. */
  readonly parts?: PipelineParts;
}

const STREAM = 'IncomingDataStream';

const TABLES: readonly TableDefinition[] = [
  { name: 'StateTable', key: ['id'], stream: 'NEW_AND_OLD_IMAGES', timeToLive: 'ExpiresAt' },
  { name: 'ReduceTable', key: ['MessageId'], stream: 'NEW_IMAGE', timeToLive: 'ExpiresAt' },
  { name: 'AggregateTable', key: ['Identifier'] },
  { name: 'LedgerTable', key: ['Marker'], timeToLive: 'ExpiresAt' },
  { name: 'PositionTable', key: ['Position'] },
  { name: 'QuarantineTable', key: ['Source', 'Part'] },
  { name: 'AccountingTable', key: ['Shard'] },
  { name: RECOUNT_TABLE, key: ['Identifier'] },
];

/** Share of the pipeline's histories in which somebody runs `oncefold rebuild`; it is in all of those of the stage `rebuild`. */
const RECOUNT_SHARE = 0.1;

/** Tables that an observer reads. */
const OBSERVED = TABLES.map(({ name }) => name).filter((name) => name !== 'LedgerTable');

/**
 * The simulation of the pipeline, or of one of its stages.
 *
 * The functions are those that are deployed, without their handlers' logs and metrics: the same use cases, stores and commits.
 */
export function simulatePipeline(stage: PipelineStage, options: PipelineOptions = {}): Simulation {
  return {
    name: stage,
    // A strategy that promises nothing need not meet what a guard meets.
    coverage: options.strategy === undefined ? stageCoverage[stage] : undefined,
    draw: (draw, limits) => drawApplication(stage, options, draw, limits),
  };
}

function drawApplication(
  stage: PipelineStage,
  options: PipelineOptions,
  draw: Draw,
  limits: ApplicationLimits,
): Application {
  const stages = stagesOf(stage);
  const load = drawTradeLoad(draw.fork('load'), {
    kept: limits.keptRecords,
    streams: [STREAM],
    shape: stage === 'redrive' ? denseLoad : anyLoad,
  });
  const context = { options, draw: draw.fork('recount'), limits };
  const recount = drawRecountBeside(stage, load, context);
  const redrive = stage === 'redrive' ? drawRedriveBeside(load, context) : undefined;
  const isRecounted = recount !== undefined || redrive?.isRebuilt === true;
  const own = { ...options, reduceStrategy: isRecounted ? ('ledger' as const) : undefined, redrive };
  const { functions, mappings } = drawFunctions(stages, own, draw.fork('functions'), limits);
  const foreignWrites = [...foreignWritesOf(stage, load), ...(recount?.foreignWrites ?? [])];
  const shards = Math.min(draw.integer(1, 3), limits.shardsMax ?? 3);
  const lastAtMs = Math.max(
    0,
    ...[...load.puts, ...foreignWrites, ...((recount ?? redrive)?.programs ?? [])].map(({ atMs }) => atMs),
  );
  const faultsEndMs = lastAtMs + draw.pick([5_000, 60_000, 15 * 60_000]);
  const truth: PipelineTruth = {
    stages,
    messages: load.messages,
    isAlone: foreignWrites.every(({ table }) => table !== 'StateTable' && stages.has('state')),
    recount: recount?.truth,
    redrive: redrive && { isRebuilt: redrive.isRebuilt },
  };
  return {
    tables: recount === undefined ? TABLES : partitioned(draw.fork('partitions'), limits),
    streams: stages.has('state') ? [{ name: STREAM, kind: 'kinesis', shards }] : [],
    functions,
    mappings,
    load: stages.has('state') ? load.puts : [],
    recordNumbers: load.numbers,
    foreignWrites,
    ...(recount !== undefined && { programs: recount.programs, existingItems: recount.existingItems }),
    ...(redrive !== undefined && { programs: [...redrive.programs, redrive.lastProgram(faultsEndMs)] }),
    observed: OBSERVED,
    faultsEndMs,
    check: (history) => checkPipeline(history, truth),
  };
}

/** Tables of several partitions, in which one may be far behind another: shards that are split into halves stay halves. */
function partitioned(draw: Draw, { shardsMax = 4 }: ApplicationLimits): readonly TableDefinition[] {
  return TABLES.map((table) => ({ ...table, shards: Math.min(draw.pick([1, 2, 4]), shardsMax) }));
}

function stagesOf(stage: PipelineStage): PipelineTruth['stages'] {
  return new Set(
    stage === 'state' || stage === 'map' || stage === 'reduce' ? [stage] : ['state', 'map', 'reduce'],
  );
}

/** A recount needs the markers of reduce: with another strategy the command refuses to run. */
function drawRecountBeside(
  stage: PipelineStage,
  load: TradeLoad,
  context: { readonly options: PipelineOptions; readonly draw: Draw; readonly limits: ApplicationLimits },
): RecountLoad | undefined {
  const { options, draw, limits } = context;
  const { strategy = 'ledger', parts = {} } = options;
  const isDrawn = draw.chance(RECOUNT_SHARE) && stage === 'pipeline' && strategy === 'ledger';
  if (!isDrawn && stage !== 'rebuild') {
    return undefined;
  }
  const lastAtMs = Math.max(0, ...load.puts.map(({ atMs }) => atMs));
  return drawRecount(draw, {
    load,
    lastAtMs,
    programsMax: limits.programsMax ?? Number.POSITIVE_INFINITY,
    parts,
  });
}

/** Mappings that give batches up, and people who redrive them. */
function drawRedriveBeside(
  load: TradeLoad,
  context: { readonly options: PipelineOptions; readonly draw: Draw; readonly limits: ApplicationLimits },
): RedriveLoad {
  const { options, draw, limits } = context;
  const redrive = drawRedrive(draw, {
    lastAtMs: Math.max(0, ...load.puts.map(({ atMs }) => atMs)),
    nodes: nodesOfLoad(load),
    parts: options.parts ?? {},
  });
  return { ...redrive, programs: redrive.programs.slice(0, limits.programsMax) };
}

function drawFunctions(
  stages: ReadonlySet<PipelineStage>,
  {
    strategy,
    reduceStrategy,
    redrive,
    parts,
  }: PipelineOptions & {
    readonly reduceStrategy: 'ledger' | undefined;
    readonly redrive: RedriveLoad | undefined;
  },
  draw: Draw,
  limits: ApplicationLimits,
): Pick<Application, 'functions' | 'mappings'> {
  const concurrencyMax = Math.min(draw.integer(2, 5), limits.concurrencyMax ?? 5);
  const drawn = (): SimulatedStrategy => strategy ?? draw.pick(['checkpoint', 'ledger']);
  const map = { strategy: drawn(), concurrencyMax, keysMax: redrive?.keysMax.map };
  const windows = reduceStrategy === undefined || redrive !== undefined ? WINDOWS : LONG_WINDOWS;
  const reduce = { strategy: reduceStrategy ?? drawn(), concurrencyMax, keysMax: redrive?.keysMax.reduce };
  const all = [
    {
      stage: 'state',
      definition: stateFunction({ concurrencyMax, firstDimensions: redrive?.firstDimensions }, parts),
      mapping: { function: 'state', source: STREAM, settings: drawStateSettings(draw) },
    },
    {
      stage: 'map',
      definition: mapFunction(map, parts),
      mapping: {
        function: 'map',
        source: 'StateTable',
        settings: { ...drawTableSettings(draw, map.strategy, windows), ...redrive?.settings.map },
      },
    },
    {
      stage: 'reduce',
      definition: reduceFunction(reduce, parts),
      mapping: {
        function: 'reduce',
        source: 'ReduceTable',
        settings: {
          ...drawTableSettings(draw, reduce.strategy, windows),
          ...redrive?.settings.reduce,
          filterCriteria: { filters: [{ pattern: '{"eventName":["INSERT"]}' }] },
        },
      },
    },
  ] as const;
  const own = all.filter((each) => stages.has(each.stage));
  return { functions: own.map(({ definition }) => definition), mappings: own.map(({ mapping }) => mapping) };
}

/** As the template maps the stream: partial answers, and batches that are split. */
function drawStateSettings(draw: Draw): MappingDefinition['settings'] {
  return {
    batchSize: draw.pick([1, 3, 6, 20]),
    maximumBatchingWindowInSeconds: draw.pick([0, 0, 1]),
    functionResponseTypes: ['ReportBatchItemFailures'],
    bisectBatchOnFunctionError: true,
    behaviour: { retryGrouping: draw.chance(0.3) ? 'recut' : 'same' },
  };
}

/** Batching windows of a table's mapping, in seconds. */
const WINDOWS = [0, 1, 5] as const;
/** With long ones a shard that has few records is far behind one that fills its batches. */
const LONG_WINDOWS = [0, 1, 5, 30, 90] as const;

/** As the template maps the tables: a position needs the shard, which only a tumbling window tells. */
function drawTableSettings(
  draw: Draw,
  strategy: SimulatedStrategy,
  windows: readonly number[],
): MappingDefinition['settings'] {
  const isWindowed = strategy === 'checkpoint' || draw.chance(0.3);
  return {
    batchSize: draw.pick([1, 3, 20, 100, 100]),
    maximumBatchingWindowInSeconds: draw.pick(windows),
    ...(isWindowed && { tumblingWindowInSeconds: draw.integer(1, 30) }),
    behaviour: { retryGrouping: draw.chance(0.3) ? 'recut' : 'same' },
  };
}

/** A stage alone is fed through its table; the whole pipeline has another program beside it. */
function foreignWritesOf(stage: PipelineStage, load: TradeLoad): readonly ForeignWrite[] {
  if (stage === 'map') {
    return [...tradesAsWrites(load), ...load.removals];
  }
  if (stage === 'reduce') {
    return rowsAsWrites(load);
  }
  return stage === 'state' ? [] : load.removals;
}

const mapHierarchy = createTradeHierarchy(deployedDimensions[0] ?? []);

/** Writes each valid message as the item that the state stage would make of it, in order. */
function tradesAsWrites({ messages, puts }: TradeLoad): readonly ForeignWrite[] {
  return messages.flatMap(({ label, bytes }, index): ForeignWrite[] => {
    const parsed = parseTrade(new TextDecoder().decode(bytes), mapHierarchy);
    if (parsed.code === 'invalid') {
      return [];
    }
    const { id, Version, Value, Hierarchy, Timestamp, Dimensions } = tradeToItem(parsed.trade);
    return [
      {
        atMs: puts[Math.min(index, puts.length - 1)]?.atMs ?? 0,
        table: 'StateTable',
        label,
        key: { id: { S: id } },
        item: {
          Version: { N: Version },
          Value: { N: Value },
          Hierarchy: { S: Hierarchy },
          Timestamp: { N: Timestamp },
          Dimensions: { S: Dimensions },
        },
      },
    ];
  });
}

/** Writes a row of sums for each valid message, as the map stage names and makes them. */
function rowsAsWrites({ messages, puts }: TradeLoad): readonly ForeignWrite[] {
  return messages.flatMap(({ label, trade }, index): ForeignWrite[] => {
    if (trade === undefined) {
      return [];
    }
    const value = decimalOf(trade.power);
    const { RiskType = 'other', TradeDesk, Region } = trade.segments;
    const nodes = [RiskType, `${RiskType}:${TradeDesk}`, `${RiskType}:${TradeDesk}:${Region}`];
    return [
      {
        atMs: puts[Math.min(index, puts.length - 1)]?.atMs ?? 0,
        table: 'ReduceTable',
        label,
        key: { MessageId: { S: `row ${index}` } },
        item: { Message: { S: JSON.stringify(Object.fromEntries(nodes.map((node) => [node, value]))) } },
      },
    ];
  });
}
