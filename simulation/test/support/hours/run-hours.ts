import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { formatDecimal, mergeContributions, parseSum } from '@oncefold/reducer';
import { createDraw, type Draw } from '@oncefold/simulator';
import {
  contributionOfTradeChange,
  createTradeHierarchy,
  MESSAGE_COUNT,
  type RecountState,
  stateImageOf,
  tradeFromImage,
} from '@oncefold/trades';
import {
  type DelayedParts,
  DelayedPipeline,
  HOUR_MS,
  type Meanwhile,
  MINUTE_MS,
  SECOND_MS,
} from './delayed-pipeline.ts';
import { runRebuild } from './run-rebuild.ts';

const STEPS = 30;
const TRADES = 4;
/** Markers and rows are kept for 8 days. */
const SPAN_MS_MAX = 5 * 24 * HOUR_MS;
const PAUSES_MS = [
  0,
  SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  20 * MINUTE_MS,
  50 * MINUTE_MS,
  70 * MINUTE_MS,
  3 * HOUR_MS,
  10 * HOUR_MS,
  23 * HOUR_MS,
  26 * HOUR_MS,
];
/** How often the rest is redriven, with a rebuild of everything after each time that something was refused. */
const ROUNDS_MAX = 20;
const ROUNDS_UNAIDED = 5;
/** A change whose time is so near to a repair counts for a new mapping, whatever that has made up for. */
const UNDECIDED_SECONDS = 3 * 60;

export interface HoursOptions {
  /** The longest pause. */
  readonly hoursMax: number;
  readonly dimensions: readonly ['RiskType', ...string[]];
  /** Whether another program writes trades, without the marks of rebuilds. */
  readonly hasForeignWriter: boolean;
  readonly parts?: DelayedParts;
}

/** Sums that are not zero, by their nodes. */
type Sums = Readonly<Record<string, string>>;

/**
 * Runs the history of one seed to its end: all that was given up is redriven.
 *
 * @throws when something is refused for ever
 */
export async function runHours(
  seed: number,
  options: HoursOptions,
): Promise<{ readonly actual: Sums; readonly expected: Sums }> {
  const draw = createDraw(seed);
  const pipeline = new DelayedPipeline(draw.fork('pipeline'), options.parts ?? {});
  const history: History = {
    pipeline,
    draw,
    options,
    startMs: pipeline.now(),
    pausesMs: PAUSES_MS.filter((pauseMs) => pauseMs <= options.hoursMax * HOUR_MS),
  };
  for (let step = 0; step < STEPS && pipeline.now() - history.startMs < SPAN_MS_MAX; step += 1) {
    await takeStep(history);
    await pipeline.advance(draw.pick(history.pausesMs));
  }
  pipeline.calm();
  await pipeline.advance(21 * HOUR_MS);
  await redriveAll(history);
  return { actual: aggregatesOf(pipeline), expected: truthOf(pipeline, options) };
}

interface History {
  readonly pipeline: DelayedPipeline;
  readonly draw: Draw;
  readonly options: HoursOptions;
  readonly startMs: number;
  readonly pausesMs: readonly number[];
}

async function takeStep(history: History): Promise<void> {
  const { pipeline, draw, options } = history;
  const what = draw.fraction();
  if (what < 0.6) {
    await writeTrade(history);
  } else if (what < 0.72) {
    await redriveSome(history);
  } else if (what < 0.87) {
    const paths = options.dimensions.length === 1 ? ['PV', 'EQ'] : ['PV', 'PV:A', 'EQ'];
    await rebuild(history, {
      path: draw.chance(0.3) ? draw.pick(paths) : undefined,
      isKilled: draw.chance(0.25),
    });
  } else if (what < 0.9) {
    pipeline.pauseMap(draw.pick([2 * MINUTE_MS, 2 * HOUR_MS, Math.min(options.hoursMax, 22) * HOUR_MS]));
  }
}

async function rebuild(
  history: History,
  run: { readonly path: string | undefined; readonly isKilled: boolean },
): Promise<void> {
  const { pipeline, draw, pausesMs, startMs } = history;
  const meanwhile = async (): Promise<void> => {
    const what = draw.fraction();
    if (pipeline.now() - startMs > SPAN_MS_MAX) {
      return;
    }
    if (what < 0.5) {
      await writeTrade(history);
    } else if (what < 0.7) {
      await redriveSome(history);
    } else {
      await pipeline.advance(draw.pick(pausesMs));
    }
  };
  await runRebuild(pipeline, { draw, ...run, meanwhile });
}

/** Writes or removes a trade, as the state function does or another program. */
async function writeTrade({ pipeline, draw, options }: History): Promise<void> {
  const id = { S: `t${draw.integer(1, TRADES)}` };
  const before = pipeline.store.get('StateTable', { id });
  if (before !== undefined && draw.chance(0.3)) {
    await pipeline.client.send(new DeleteItemCommand({ TableName: 'StateTable', Key: { id } }));
    return;
  }
  const { newest } = await pipeline.readRecounts();
  const segments = {
    RiskType: draw.pick(options.dimensions.length === 1 ? ['PV', 'EQ', 'FX', 'CR'] : ['PV', 'EQ']),
    TradeDesk: draw.pick(['A', 'B']),
  };
  const { Recount, RecountWave } = before ?? (newest > 0 ? { Recount: { N: String(newest) } } : {});
  const isForeign = options.hasForeignWriter && draw.chance(0.1);
  const Item = {
    id,
    Version: { N: String(Number(before?.['Version']?.N ?? -1) + 1) },
    Value: { N: String(draw.integer(1, 9)) },
    Hierarchy: { S: JSON.stringify(segments) },
    Timestamp: { N: '1' },
    Dimensions: { S: JSON.stringify(options.dimensions) },
    ...(!isForeign && Recount !== undefined && { Recount }),
    ...(!isForeign && RecountWave !== undefined && { RecountWave }),
  };
  await pipeline.client.send(new PutItemCommand({ TableName: 'StateTable', Item }));
}

/** Redrives about half of what was given up; some of it by a new mapping, where no rebuild is near in time. */
async function redriveSome(history: History): Promise<void> {
  const { pipeline, draw } = history;
  for (const batch of pipeline.failedBatches.splice(0)) {
    const isChosen = draw.chance(0.5);
    if (
      isChosen &&
      draw.chance(0.2) &&
      batch.stage === 'map' &&
      isDecided(batch, await pipeline.readRecounts())
    ) {
      await pipeline.deliverAgain(batch);
    } else if (!isChosen || !(await pipeline.redrive(batch, besideRebuild(history)))) {
      pipeline.failedBatches.push(batch);
    }
  }
}

/** In some histories a whole rebuild begins and ends while a redrive is on its way. */
function besideRebuild({ pipeline, draw }: History): Meanwhile | undefined {
  return draw.chance(0.2)
    ? {
        commits: draw.integer(0, 3),
        run: () =>
          runRebuild(pipeline, { draw, path: undefined, isKilled: false, meanwhile: async () => {} }),
      }
    : undefined;
}

/** Whether a mapping may deliver it again: the time tells of each change whether it came before a repair, or before the rebuild that runs. */
function isDecided(
  { records }: DelayedPipeline['failedBatches'][number],
  { running, repairs }: RecountState,
): boolean {
  const times = records.map(({ dynamodb }) => dynamodb?.ApproximateCreationDateTime ?? 0);
  return (
    (running === undefined || times.every((time) => time + UNDECIDED_SECONDS < running.number)) &&
    repairs.every(
      ({ from, to, isPartial }) =>
        isPartial !== true &&
        times.every((time) => time + UNDECIDED_SECONDS < from || time > to + UNDECIDED_SECONDS),
    )
  );
}

async function redriveAll(history: History): Promise<void> {
  const { pipeline } = history;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const refused: DelayedPipeline['failedBatches'] = [];
    for (const batch of pipeline.failedBatches.splice(0)) {
      if (!(await pipeline.redrive(batch))) {
        refused.push(batch);
      }
    }
    await pipeline.advance(5 * MINUTE_MS);
    if (refused.length === 0) {
      return;
    }
    pipeline.failedBatches.push(...refused);
    if (round >= ROUNDS_UNAIDED) {
      await deleteRowsLeftAlone(pipeline);
    }
    await rebuild(history, { path: undefined, isKilled: false });
  }
  throw new Error(`${pipeline.failedBatches.length} batches are refused for ever`);
}

/** As docs/operations.md has it where a redrive is refused again and again. */
async function deleteRowsLeftAlone({ client, readRecounts }: DelayedPipeline): Promise<void> {
  const { repairs } = await readRecounts();
  for (const node of repairs.flatMap(({ except = [] }) => except)) {
    await client.send(
      new DeleteItemCommand({ TableName: 'AggregateTable', Key: { Identifier: { S: node } } }),
    );
  }
}

function aggregatesOf({ store }: DelayedPipeline): Sums {
  const sums = store
    .snapshot('AggregateTable')
    .map((item) => [item['Identifier']?.S ?? '', parseSum(item['Value']?.N ?? '')] as const);
  return shown(sums);
}

function truthOf({ store }: DelayedPipeline, { dimensions }: HoursOptions): Sums {
  const hierarchy = createTradeHierarchy(dimensions);
  const contributions = store.snapshot('StateTable').map((item) => {
    const read = tradeFromImage(stateImageOf(item), hierarchy);
    return read.code === 'valid' ? contributionOfTradeChange(undefined, read.trade) : new Map();
  });
  return shown([...mergeContributions(contributions)]);
}

function shown(sums: readonly (readonly [string, ReturnType<typeof parseSum>])[]): Sums {
  const nodes = sums.map(([node, sum]) => [node, formatDecimal(sum)] as const);
  return Object.fromEntries(nodes.filter(([node, sum]) => node !== MESSAGE_COUNT && sum !== '0'));
}
