import { median, quantile } from '@oncefold/comparison/statistics';
import {
  awsLimits,
  type Capacity,
  type CapacityOptions,
  capacityOf,
  documentedUnits,
  type Limit,
  limitsOf,
  shardsFor,
} from './capacity.ts';
import type { ServiceTime } from './service-time.ts';
import { type SimulationResult, simulatePipeline } from './simulate-pipeline.ts';

export type Services = Readonly<Record<'state' | 'map' | 'reduce', ServiceTime>>;

/** What the model says of loads that were not run. */
export interface ForeseenDetails {
  readonly capacities: readonly (Capacity & {
    readonly shards: { readonly state: number; readonly map: number };
  })[];
  readonly limits: readonly Limit[];
  /** The same where nothing waits for a window. */
  readonly limitsWithoutWindows: readonly Limit[];
  readonly simulations: readonly Simulation[];
  readonly windows: readonly WindowPoint[];
}

/** A load on the simulated clock. */
export interface Simulation {
  readonly what: string;
  readonly messagesPerSecond: number;
  readonly seconds: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Messages that were not through at the middle of the run, and at its end. */
  readonly waiting: { readonly middle: number; readonly end: number };
}

/** What a window of map buys. */
export interface WindowPoint {
  readonly messagesPerSecond: number;
  readonly windowSeconds: number;
  readonly medianMs: number;
  /** Of map and reduce, which a window makes fewer. */
  readonly dollarsPerMonth: number;
}

interface Settings {
  readonly stateBatchSize: number;
  readonly mapBatchSize: number;
  readonly windowSeconds: number;
}

/** The template's. */
const defaults: Settings = { stateBatchSize: 500, mapBatchSize: 1_000, windowSeconds: 1 };
const REDUCE_BATCH_SIZE = 1_000;
/** Of ReduceTable: it is small and seldom written, and a table on demand begins with so many. */
const REDUCE_SHARDS = 4;
const CHANGED_SHARE = 0.86;
/** Of a read of a stream; assumed. */
const READ_MS = 10;
/** Of a transaction on AWS, during which others on its items are refused; assumed. */
export const TRANSACTION_MS = 20;
const rates = [1, 1_000, 50_000];
const windowRates = [1, 100];
const windowSeconds = [0, 1, 3, 10, 30];
/** Long enough for the largest window to be met several times. */
const WINDOW_SECONDS_RUN = 150;

/**
 * Runs the model where nobody can measure: at 1, 1,000 and 50,000 messages a second, and at its limits.
 *
 * @param services - service times as they were measured
 */
export function foresee(services: Services): ForeseenDetails {
  const at = optionsFor(services, defaults);
  return {
    capacities: rates.map((rate) => ({ ...capacityOf(at(rate)), shards: shardsFor(rate, documentedUnits) })),
    limits: limitsOf(at),
    limitsWithoutWindows: limitsOf(optionsFor(services, { ...defaults, windowSeconds: 0 })),
    simulations: [
      ...rates.map((rate) => simulation(`${rate.toLocaleString('en-US')} a second`, rate, at(rate))),
      ...pastTheShard(at),
      ...pastTheSums(services),
    ],
    windows: windowRates.flatMap((rate) =>
      windowSeconds.map((seconds) => windowPoint(services, rate, seconds)),
    ),
  };
}

function optionsFor(
  service: Services,
  { stateBatchSize, mapBatchSize, windowSeconds }: Settings,
): (messagesPerSecond: number) => CapacityOptions {
  return (messagesPerSecond) => {
    const shards = shardsFor(messagesPerSecond, documentedUnits);
    return {
      messagesPerSecond,
      state: { shards: shards.state, batchSize: stateBatchSize },
      map: { shards: shards.map, batchSize: mapBatchSize, windowSeconds },
      reduce: { shards: REDUCE_SHARDS, windowSeconds },
      service,
      transactionMs: TRANSACTION_MS,
      changedShare: CHANGED_SHARE,
      units: documentedUnits,
    };
  };
}

/** So many messages are simulated at most: 50,000 a second for 8 s. */
const MESSAGES_MAX = 400_000;
const SECONDS_MAX = 40;

function simulation(what: string, messagesPerSecond: number, options: CapacityOptions): Simulation {
  const seconds = Math.min(SECONDS_MAX, Math.floor(MESSAGES_MAX / messagesPerSecond));
  const { latenciesMs, waiting } = simulate(options, messagesPerSecond, seconds);
  return {
    what,
    messagesPerSecond: Math.round(messagesPerSecond),
    seconds,
    medianMs: Math.round(median(latenciesMs)),
    p99Ms: Math.round(quantile(latenciesMs, 0.99)),
    waiting: { middle: waiting[Math.floor(seconds / 2) - 1] ?? 0, end: waiting[seconds - 1] ?? 0 },
  };
}

/** So many that reduce is not kept waiting by itself. */
const MANY_SHARDS = { map: 400, reduce: 16 };

/** A row of sums for every change, below what the sums take and above: rows are what a transaction is made of. */
function pastTheSums(services: Services): readonly Simulation[] {
  const at = optionsFor(services, { ...defaults, mapBatchSize: 1, windowSeconds: 0 });
  const rowsPerSecond = ((awsLimits.transactionActions - documentedUnits.sums) * 1_000) / TRANSACTION_MS;
  return [0.9, 1.3].map((share) => {
    const options = at((rowsPerSecond / CHANGED_SHARE) * share);
    const rate = Math.round(options.messagesPerSecond);
    return simulation(
      `a row for each change, ${share} of the ${rowsPerSecond} rows a second that the sums take`,
      rate,
      {
        ...options,
        map: { ...options.map, shards: MANY_SHARDS.map },
        reduce: { ...options.reduce, shards: MANY_SHARDS.reduce },
      },
    );
  });
}

/** One shard of Kinesis, below what its function takes and above. */
function pastTheShard(at: (messagesPerSecond: number) => CapacityOptions): readonly Simulation[] {
  const { state } = at(1).service;
  const { batchSize } = at(1).state;
  const most = (1_000 * batchSize) / (state.fixedMs + state.perRecordMs * batchSize);
  return [0.9, 1.3].map((share) => {
    const rate = most * share;
    const options = at(rate);
    return simulation(
      `one shard, ${share} of the ${Math.round(most)} a second that one invocation after the other takes`,
      rate,
      {
        ...options,
        state: { ...options.state, shards: 1 },
      },
    );
  });
}

function simulate(options: CapacityOptions, messagesPerSecond: number, seconds: number): SimulationResult {
  const { state, map, reduce, service } = options;
  const dynamodb = { kind: 'dynamodb', readMs: READ_MS } as const;
  return simulatePipeline({
    state: {
      kind: 'kinesis',
      readMs: READ_MS,
      service: service.state,
      shards: state.shards,
      batchSize: state.batchSize,
      windowSeconds: 0,
    },
    map: { ...dynamodb, service: service.map, ...map },
    reduce: { ...dynamodb, service: service.reduce, ...reduce, batchSize: REDUCE_BATCH_SIZE },
    transactionMs: options.transactionMs,
    rowsPerTransaction: awsLimits.transactionActions - options.units.sums,
    changedShare: options.changedShare,
    arrivals: Array.from(
      { length: Math.floor(messagesPerSecond * seconds) },
      (_none, index) => (index * 1_000) / messagesPerSecond,
    ),
    endMs: seconds * 1_000,
  });
}

function windowPoint(services: Services, messagesPerSecond: number, seconds: number): WindowPoint {
  const options = optionsFor(services, { ...defaults, windowSeconds: seconds })(messagesPerSecond);
  // Reduce keeps its window: the rows of one batch of map come at once.
  const withReduce = { ...options, reduce: { ...options.reduce, windowSeconds: defaults.windowSeconds } };
  const { latenciesMs } = simulate(withReduce, messagesPerSecond, WINDOW_SECONDS_RUN);
  const { mapWrites, reduceWrites } = capacityOf(withReduce).dollarsPerMonth;
  return {
    messagesPerSecond,
    windowSeconds: seconds,
    medianMs: Math.round(median(latenciesMs)),
    dollarsPerMonth: Math.round((mapWrites + reduceWrites) * 100) / 100,
  };
}
