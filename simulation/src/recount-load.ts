import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type RecountOptions,
  type RecountPipeline,
  type RecountResult,
  recountTrades,
} from '@oncefold/operations/recount';
import { formatDecimal } from '@oncefold/reducer';
import type {
  AttributeMap,
  Draw,
  ExistingItem,
  ForeignWrite,
  FunctionEnvironment,
  ProgramDefinition,
} from '@oncefold/simulator';
import { placeOf } from '@oncefold/simulator';
import { createTradeHierarchy, recountPostId } from '@oncefold/trades';
import { type Amount, amountOf, formatAmount } from './amounts.ts';
import { deployedDimensions, NAMESPACE, type PipelineParts, RECOUNT_TABLE } from './functions.ts';
import { RETENTION_SECONDS } from './strategies.ts';
import { decimalOf, fewSegments, type TradeLoad } from './trade-load.ts';

/** Row of AggregateTable that is another program's. */
export const FOREIGN_ROW = 'Total';
/** Name of a row in ReduceTable that says nothing. */
export const NO_ROW = 'no row of sums';

/** When every history begins, in seconds: see the simulator. */
const START_SECONDS = 1_767_225_600;
/** A row of sums whose record is not delivered within this time has been lost by its stream. */
const LOST_AFTER_SECONDS = 26 * 60 * 60;
/** As in the command: with this no stall of a simulated function is taken for the end. */
const STALL_MS_MAX = 12 * 60 * 60 * 1000;
/** Lowest and highest power of ten of a value. */
const POWERS = [-12, 17] as const;

/** What one run of the command is asked for. */
export interface RecountRun {
  readonly mode: 'compare' | 'repair';
  readonly path: string | undefined;
}

/** What a checker knows of damage and of recounts. */
export interface RecountTruth {
  /** Sums of the trades that were there at the start. */
  readonly existing: ReadonlyMap<string, Amount>;
  /** Sums of rows whose records no stream has. */
  readonly lost: ReadonlyMap<string, Amount>;
  /** Nodes of trades that are there from the start to the end: nobody may take their rows for another program's. */
  readonly explained: ReadonlySet<string>;
  /** By the name of the program. */
  readonly runs: ReadonlyMap<string, RecountRun>;
}

/** A recount beside the pipeline, with what it is to find. */
export interface RecountLoad {
  readonly existingItems: readonly ExistingItem[];
  readonly foreignWrites: readonly ForeignWrite[];
  readonly programs: readonly ProgramDefinition[];
  readonly truth: RecountTruth;
}

type Item = Readonly<Record<string, { readonly S: string } | { readonly N: string }>>;

/** Draws damage to the sums, trades of other programs, and one or two recounts. */
export function drawRecount(
  draw: Draw,
  context: {
    readonly load: TradeLoad;
    readonly lastAtMs: number;
    readonly programsMax: number;
    readonly parts: PipelineParts;
  },
): RecountLoad {
  const { load, lastAtMs, programsMax, parts } = context;
  const trades = drawExistingTrades(draw.fork('existing'));
  const lost = drawLostRow(draw.fork('lost'), trades);
  const kept = lost?.isRemoval ? trades.filter((trade) => trade !== lost.trade) : trades;
  const existing = sumsOf(kept);
  const lostSums = lost?.sums ?? new Map<string, Amount>();
  const nodes = [...new Set([...sumsOf(trades).keys(), ...nodesOfLoad(load)])];
  const spanMs = lastAtMs + draw.pick([1_000, 20_000, 60_000]);
  const programs = drawPrograms(draw.fork('programs'), { nodes, spanMs, parts });
  const tradeWrites = drawTradeWrites(draw.fork('trades'), {
    trades: kept,
    load,
    spanMs,
    startsMs: programs.map(({ definition }) => definition.atMs),
  });
  const isMoved = programs.some(({ isMoving }) => isMoving);
  return {
    existingItems: [
      ...kept.map(({ item }) => ({ table: 'StateTable', item })),
      ...aggregatesOf(draw.fork('aggregates'), existing, lostSums),
      ...(lost === undefined ? [] : [{ table: 'ReduceTable', item: lost.row }]),
      ...drawEarlierRecount(draw.fork('earlier')),
    ],
    foreignWrites: [
      ...drawDamage(draw.fork('damage'), { nodes, spanMs }),
      ...tradeWrites,
      ...drawGarbage(draw.fork('garbage'), spanMs),
    ],
    programs: programs.slice(0, programsMax).map(({ definition }) => definition),
    truth: {
      existing,
      lost: lostSums,
      explained: new Set(isMoved || tradeWrites.length > 0 ? [] : existing.keys()),
      runs: new Map(programs.map(({ definition, run }) => [definition.name, run])),
    },
  };
}

interface ExistingTrade {
  readonly item: Item;
  readonly sums: ReadonlyMap<string, Amount>;
}

/** Trades that were there before; some are from before dimensions were recorded, or were in an earlier recount. */
function drawExistingTrades(draw: Draw): readonly ExistingTrade[] {
  return Array.from({ length: draw.integer(0, 4) }, (_, index) => {
    const own = draw.fork('trade', index);
    const dimensions = own.pick(deployedDimensions);
    const isRecorded = own.chance(0.8);
    const earlier = own.pick([{}, { Recount: { N: '7' } }, { Recount: { N: '7' }, RecountWave: { N: '2' } }]);
    const segments = drawSegments(own);
    const power = own.integer(...POWERS);
    const item: Item = {
      id: { S: `old-${index}` },
      Version: { N: '1' },
      Value: { N: decimalOf(power) },
      Hierarchy: { S: JSON.stringify(segments) },
      Timestamp: { N: String(START_SECONDS - 1_000) },
      ...(isRecorded && { Dimensions: { S: JSON.stringify(dimensions) } }),
      ...earlier,
    };
    const used = isRecorded ? dimensions : (deployedDimensions[0] ?? dimensions);
    return { item, sums: nodesOf(segments, used, amountOf(decimalOf(power))) };
  });
}

function drawSegments(draw: Draw): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fewSegments).map(([dimension, names]) => [dimension, draw.pick(names)]),
  );
}

function nodesOf(
  segments: Readonly<Record<string, string>>,
  dimensions: readonly string[],
  amount: Amount,
): ReadonlyMap<string, Amount> {
  return new Map(
    dimensions.map((_, level) => [
      dimensions
        .slice(0, level + 1)
        .map((dimension) => segments[dimension])
        .join(':'),
      amount,
    ]),
  );
}

function sumsOf(trades: readonly ExistingTrade[]): Map<string, Amount> {
  const sums = new Map<string, Amount>();
  for (const [node, amount] of trades.flatMap((trade) => [...trade.sums])) {
    sums.set(node, (sums.get(node) ?? 0n) + amount);
  }
  return sums;
}

/** Nodes that messages may add to. */
export function nodesOfLoad({ messages }: TradeLoad): readonly string[] {
  return messages.flatMap(({ trade }) =>
    trade === undefined || trade.isPartial
      ? []
      : deployedDimensions.flatMap((dimensions) => [...nodesOf(trade.segments, dimensions, 1n).keys()]),
  );
}

/** A row of sums that reduce never gets: of a trade that was written, or of one that was removed. */
function drawLostRow(
  draw: Draw,
  trades: readonly ExistingTrade[],
):
  | {
      readonly trade: ExistingTrade;
      readonly isRemoval: boolean;
      readonly sums: ReadonlyMap<string, Amount>;
      readonly row: Item;
    }
  | undefined {
  if (trades.length === 0 || !draw.chance(0.25)) {
    return undefined;
  }
  const trade = draw.pick(trades);
  const isRemoval = draw.chance(0.4);
  const sums = new Map([...trade.sums].map(([node, amount]) => [node, isRemoval ? -amount : amount]));
  const message = Object.fromEntries([...sums].map(([node, amount]) => [node, formatAmount(amount)]));
  const expiresAt = START_SECONDS - LOST_AFTER_SECONDS + RETENTION_SECONDS;
  const row: Item = {
    MessageId: { S: 'a row that its stream has lost' },
    Message: { S: JSON.stringify(message) },
    ExpiresAt: { N: String(expiresAt) },
  };
  return { trade, isRemoval, sums, row };
}

/** The aggregates as they would be with all rows but the lost one, and a row of another program. */
function aggregatesOf(
  draw: Draw,
  existing: ReadonlyMap<string, Amount>,
  lost: ReadonlyMap<string, Amount>,
): readonly ExistingItem[] {
  const nodes = new Set([...existing.keys(), ...lost.keys()]);
  const rows = [...nodes].map((node) => ({
    node,
    amount: (existing.get(node) ?? 0n) - (lost.get(node) ?? 0n),
  }));
  const own = draw.chance(0.3) ? [{ node: FOREIGN_ROW, amount: amountOf('7') }] : [];
  return [...rows, ...own].map(({ node, amount }) => ({
    table: 'AggregateTable',
    item: { Identifier: { S: node }, Value: { N: formatAmount(amount) } },
  }));
}

/** What an earlier recount has left: one that has ended, or one that nobody has run again. */
function drawEarlierRecount(draw: Draw): readonly ExistingItem[] {
  if (!draw.chance(0.3)) {
    return [];
  }
  const state = draw.pick(['ended', 'running']);
  return [
    {
      table: RECOUNT_TABLE,
      item: {
        Identifier: { S: ':control' },
        Number: { N: '7' },
        Owner: { S: 'earlier' },
        State: { S: state },
      },
    },
    { table: RECOUNT_TABLE, item: { Identifier: { S: ':7:PV' }, Value: { N: '12' } } },
  ];
}

/** Another program changes sums, or deletes a row of them. */
function drawDamage(
  draw: Draw,
  { nodes, spanMs }: { readonly nodes: readonly string[]; readonly spanMs: number },
): readonly ForeignWrite[] {
  const count = nodes.length === 0 ? 0 : draw.pick([0, 1, 1, 2]);
  return Array.from({ length: count }, (_, index): ForeignWrite => {
    const own = draw.fork('damage', index);
    const node = own.pick(nodes);
    const isDeleted = own.chance(0.3);
    const amount = own.pick([1n, -1n, 3n]) * 10n ** BigInt(own.integer(0, 28));
    const damaged = (existing: AttributeMap | undefined): AttributeMap => ({
      ...existing,
      Value: { N: formatAmount(amountOf(existing?.['Value']?.N ?? '0') + amount) },
    });
    return {
      atMs: own.pick([0, own.integer(0, spanMs)]),
      table: 'AggregateTable',
      label: isDeleted ? `a deletion of ${node}` : `${formatAmount(amount)} into ${node}`,
      key: { Identifier: { S: node } },
      change: isDeleted ? () => undefined : damaged,
    };
  });
}

/** Another program writes trades, past the state function, and so past the mark with which a new trade enters a recount. */
function drawTradeWrites(
  draw: Draw,
  context: {
    readonly trades: readonly ExistingTrade[];
    readonly load: TradeLoad;
    readonly spanMs: number;
    /** When recounts begin, around which more happens. */
    readonly startsMs: readonly number[];
  },
): readonly ForeignWrite[] {
  const { trades, load, spanMs, startsMs } = context;
  const count = draw.pick([0, 0, 1, 2, 4]);
  const messageIds = load.messages.flatMap(({ trade }) => trade?.tradeId ?? []);
  return Array.from({ length: trades.length === 0 ? 0 : count }, (_, index) => {
    const own = draw.fork('write', index);
    const { item } = own.pick(trades);
    const isOfLoad = messageIds.length > 0 && own.chance(0.2);
    const id = isOfLoad ? own.pick(messageIds) : ((item['id'] as { readonly S: string }).S ?? '');
    const { label, change } = isOfLoad
      ? own.pick([removal, touch])
      : own.pick([removal, removal, touch, revaluation(own), move(own), put(own, item), put(own, item)]);
    return {
      atMs: own.pick([own.integer(0, spanMs), Math.max(0, own.pick(startsMs) + own.integer(-500, 3_000))]),
      table: 'StateTable',
      label: `${label} of ${id}`,
      key: { id: { S: id } },
      change,
    };
  });
}

interface TradeWrite {
  readonly label: string;
  readonly change: NonNullable<ForeignWrite['change']>;
}

const removal: TradeWrite = { label: 'a removal', change: () => undefined };

/** What is no change of the trade. */
const touch: TradeWrite = {
  label: 'a note',
  change: (existing) => existing && { ...existing, Note: { S: 'seen' } },
};

function revaluation(draw: Draw): TradeWrite {
  const value = decimalOf(draw.integer(...POWERS));
  return {
    label: 'another value',
    change: (existing) => existing && { ...existing, Version: { N: '2' }, Value: { N: value } },
  };
}

function move(draw: Draw): TradeWrite {
  const segments = JSON.stringify(drawSegments(draw));
  return {
    label: 'a move',
    change: (existing) => existing && { ...existing, Hierarchy: { S: segments } },
  };
}

/** The item as a program would write it that knows nothing of recounts. */
function put(draw: Draw, item: Item): TradeWrite {
  const { Recount: _, RecountWave: __, ...trade } = item;
  const value = decimalOf(draw.integer(...POWERS));
  return { label: 'a put', change: () => ({ ...trade, Value: { N: value } }) };
}

/** A row that reduce refuses, and that never expires. */
function drawGarbage(draw: Draw, spanMs: number): readonly ForeignWrite[] {
  return draw.chance(0.15)
    ? [
        {
          atMs: draw.integer(0, spanMs),
          table: 'ReduceTable',
          label: NO_ROW,
          key: { MessageId: { S: NO_ROW } },
          item: { Message: { S: 'nothing' } },
        },
      ]
    : [];
}

function drawPrograms(
  draw: Draw,
  context: { readonly nodes: readonly string[]; readonly spanMs: number; readonly parts: PipelineParts },
): readonly {
  readonly definition: ProgramDefinition;
  readonly run: RecountRun;
  readonly isMoving: boolean;
}[] {
  const { nodes, spanMs, parts } = context;
  const names = draw.chance(0.4) ? ['rebuild', 'other-rebuild'] : ['rebuild'];
  return names.map((name, index) => {
    const own = draw.fork('program', index);
    const run: RecountRun = {
      mode: own.chance(0.65) ? 'repair' : 'compare',
      path: nodes.length > 0 && own.chance(0.25) ? own.pick(nodes) : undefined,
    };
    const dimensions = own.chance(0.2) ? own.pick(deployedDimensions) : undefined;
    const limits = {
      requestsMax: own.integer(1, 4),
      marksPerSecondMax: own.pick([0, 0, 20]),
      stallMsMax: STALL_MS_MAX,
    };
    const atMs = own.pick([0, own.integer(0, spanMs), own.integer(0, spanMs)]);
    const definition = createRecountProgram(name, atMs, { run, dimensions, limits, parts });
    return { definition, run, isMoving: dimensions !== undefined };
  });
}

/** How somebody runs the command. */
export interface RecountPlan {
  readonly run: RecountRun;
  /** Those by which trades are to be summed from then on; absent: as they are. */
  readonly dimensions: readonly string[] | undefined;
  readonly limits: RecountOptions['limits'];
  readonly parts: PipelineParts;
}

/** `oncefold rebuild`, or `oncefold check --live`. */
export function createRecountProgram(name: string, atMs: number, plan: RecountPlan): ProgramDefinition {
  return { name, atMs, run: (environment) => runRecount(environment, plan) };
}

/** The simulated pipeline as `oncefold rebuild` is told of it. */
export const simulatedPipeline: RecountPipeline = {
  tables: {
    state: 'StateTable',
    reduce: 'ReduceTable',
    aggregate: 'AggregateTable',
    ledger: 'LedgerTable',
    recount: RECOUNT_TABLE,
  },
  namespace: NAMESPACE,
  reduceConsumer: 'reduce',
  reduceSource: 'arn:aws:dynamodb:us-east-1:123456789012:table/ReduceTable/stream/2026-01-01T00:00:00.000',
  retentionSeconds: RETENTION_SECONDS,
  unrecordedHierarchy: createTradeHierarchy(deployedDimensions[0] ?? []),
};

async function runRecount(environment: FunctionEnvironment, plan: RecountPlan): Promise<string> {
  const { run, dimensions, limits, parts } = plan;
  const { report, clock } = environment;
  const own = environment.createClient(1);
  const client = (parts.recountClient?.(own) ?? own) as unknown as DynamoDBClient;
  let starts = 0;
  const result = await recountTrades(
    {
      client,
      clock,
      pipeline: simulatedPipeline,
      owner: environment.newName(),
      posts: postsInEachShard,
      path: run.path,
      hierarchy: dimensions === undefined ? undefined : createTradeHierarchy(dimensions),
      limits: { ...limits, ...parts.recountLimits },
      onProgress: (progress) => {
        report(`recount: ${progress.phase}`);
        if (progress.phase === 'started') {
          starts += 1;
          report(starts > 1 ? 'recount: begun anew' : 'recount: begun');
        } else if (progress.phase === 'marking' && progress.pass > 2) {
          report('recount: trades came in between');
        }
      },
    },
    run.mode,
  );
  report(`recount: ${run.mode}, ${run.path === undefined ? 'all' : 'a path'}`);
  if (dimensions !== undefined) {
    report('recount: other dimensions');
  }
  if (result.lostRows.length > 0) {
    report('recount: lost rows');
  }
  return formatResult(result);
}

/** A stream is split at most so often into halves: a post in each of the smallest shards. */
const SHARDS_SMALLEST = 2 ** 5;

/** Posts in every shard that there can be; the command has so many that chance does the same. */
function postsInEachShard(recount: number): readonly number[] {
  const indexes = new Map<number, number>();
  for (let index = 0; indexes.size < SHARDS_SMALLEST; index += 1) {
    const shard = Math.floor(placeOf(recountPostId(recount, index)) * SHARDS_SMALLEST);
    indexes.set(shard, indexes.get(shard) ?? index);
  }
  return [...indexes.values()];
}

/** What the command tells, as a checker reads it. */
export interface RecountReport {
  readonly number: number;
  /** Differences that are not 0, by node. */
  readonly differences: Readonly<Record<string, string>>;
  readonly foreign: readonly string[];
  readonly repairs: readonly string[];
}

function formatResult({ number, found, repairs }: RecountResult): string {
  const differences = Object.fromEntries(
    found.nodes
      .filter(({ difference }) => difference !== 0n)
      .map(({ key, difference }) => [key, formatDecimal(difference)]),
  );
  const report: RecountReport = { number, differences, foreign: found.foreign, repairs };
  return JSON.stringify(report);
}
