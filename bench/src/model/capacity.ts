import { onDemandPrice } from '@oncefold/comparison/prices';
import { type ServiceTime, serviceMs } from './service-time.ts';

/**
 * Limits of AWS, as it documents them. Quotas are those of an account that has asked for nothing.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html a partition, and so an item
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html a table, a transaction
 * @see https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html a shard, and how many
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html invocations at once
 */
export const awsLimits = {
  partitionWriteUnits: 1_000,
  tableWriteUnits: 40_000,
  transactionActions: 100,
  shardRecords: 1_000,
  shards: 500,
  invocationsAtOnce: 1_000,
} as const;

/** A transaction is charged twice. */
const TRANSACTION_FACTOR = 2;
const SECONDS_PER_MONTH = 2_628_000;
const HOURS_PER_MONTH = 730;
const MILLION = 1_000_000;

/** What a write costs in each stage, as docs/costs.md counts it. */
export interface WriteUnits {
  readonly statePerMessage: number;
  readonly statePerBatch: number;
  readonly mapPerBatch: number;
  readonly reducePerRow: number;
  /** Items of AggregateTable that a transaction adds to: the nodes, and `message_count`. */
  readonly sums: number;
}

/** With the lab's load, where repeats come in another batch than what they repeat: the most that it takes. */
export const documentedUnits: WriteUnits = {
  statePerMessage: 1.18,
  statePerBatch: 1,
  mapPerBatch: 6,
  reducePerRow: 2,
  sums: 19,
};

export interface CapacityOptions {
  readonly messagesPerSecond: number;
  readonly state: { readonly shards: number; readonly batchSize: number };
  readonly map: { readonly shards: number; readonly batchSize: number; readonly windowSeconds: number };
  readonly reduce: { readonly shards: number; readonly windowSeconds: number };
  readonly service: Readonly<Record<'state' | 'map' | 'reduce', ServiceTime>>;
  /** How long a transaction of reduce keeps others away from the sums, milliseconds. */
  readonly transactionMs: number;
  /** Share of the messages that change something. */
  readonly changedShare: number;
  readonly units: WriteUnits;
}

/** What a load takes, in a second if nothing else is said. */
export interface Capacity {
  readonly messagesPerSecond: number;
  readonly batches: Readonly<Record<'state' | 'map' | 'reduce', number>>;
  /** Of StateTable. */
  readonly stateWriteUnits: number;
  /** Of the row that every transaction adds to. */
  readonly hottestItemWriteUnits: number;
  readonly reduceTransactions: number;
  /** Share of the time in which the invocations of a shard run, of the busiest. */
  readonly busy: Readonly<Record<'state' | 'map' | 'reduce', number>>;
  /** Share of the time in which a transaction is under way on the sums. */
  readonly sumsBusy: number;
  readonly invocationsAtOnce: number;
  readonly dollarsPerMonth: Dollars;
}

export interface Dollars {
  readonly kinesis: number;
  readonly stateWrites: number;
  readonly mapWrites: number;
  readonly reduceWrites: number;
  readonly lambda: number;
  readonly logs: number;
  readonly metrics: number;
}

/** Prices of docs/costs.md, us-east-1, US dollars. */
const prices = {
  writeUnit: onDemandPrice.usdPerMillionWriteUnits / MILLION,
  shardHour: 0.015 + 0.02,
  payloadUnit: 0.014 / MILLION,
  request: 0.2 / MILLION,
  gigabyteSecond: 0.0000133334,
  logGigabyte: 0.5,
  metricsAndAlarms: 17,
} as const;
const LOG_GIGABYTES_PER_INVOCATION = 1.5e-6;

/** A stream has shards for a fifth more than its load. */
const SHARD_ROOM = 1.2;

/** Shards of Kinesis, and partitions of StateTable, that a load needs. */
export function shardsFor(
  messagesPerSecond: number,
  units: WriteUnits,
): { readonly state: number; readonly map: number } {
  return {
    state: Math.max(1, Math.ceil((messagesPerSecond * SHARD_ROOM) / awsLimits.shardRecords)),
    // Each partition of StateTable is a shard of its stream.
    map: Math.max(1, Math.ceil((messagesPerSecond * units.statePerMessage) / awsLimits.partitionWriteUnits)),
  };
}

/** What a load takes of each part of the pipeline, with batches that wait for their windows unless they are full before. */
export function capacityOf(options: CapacityOptions): Capacity {
  const { messagesPerSecond, state, map, reduce, service, units, transactionMs } = options;
  const changes = messagesPerSecond * options.changedShare;
  const batches = {
    // Lambda reads a shard of Kinesis once a second.
    state: Math.max(messagesPerSecond / state.batchSize, Math.min(messagesPerSecond, state.shards)),
    map: Math.max(
      changes / map.batchSize,
      Math.min(changes, map.shards / Math.max(map.windowSeconds, POLL_SECONDS)),
    ),
    reduce: 0,
  };
  const rows = batches.map;
  const rowsPerTransaction = awsLimits.transactionActions - units.sums;
  batches.reduce = Math.min(rows, reduce.shards / Math.max(reduce.windowSeconds, POLL_SECONDS));
  const reduceTransactions = Math.max(batches.reduce, rows / rowsPerTransaction);
  const seconds = {
    state: batchSeconds(service.state, batches.state, messagesPerSecond),
    map: batchSeconds(service.map, batches.map, changes),
    reduce: batchSeconds(service.reduce, batches.reduce, rows),
  };
  const stateWriteUnits = messagesPerSecond * units.statePerMessage;
  return {
    messagesPerSecond,
    batches,
    stateWriteUnits,
    hottestItemWriteUnits: reduceTransactions * TRANSACTION_FACTOR,
    reduceTransactions,
    busy: {
      state: seconds.state / state.shards,
      map: seconds.map / map.shards,
      reduce: seconds.reduce / reduce.shards,
    },
    sumsBusy: (reduceTransactions * transactionMs) / 1_000,
    invocationsAtOnce: seconds.state + seconds.map + seconds.reduce,
    dollarsPerMonth: dollarsOf({
      messagesPerSecond,
      shards: state.shards,
      stateWriteUnits: stateWriteUnits + batches.state * units.statePerBatch,
      mapWriteUnits: batches.map * units.mapPerBatch,
      reduceWriteUnits: reduceTransactions * TRANSACTION_FACTOR * units.sums + rows * units.reducePerRow,
      invocations: batches.state + batches.map + batches.reduce,
      gigabyteSeconds: seconds.state + seconds.map + seconds.reduce,
    }),
  };
}

/** A mapping without a window takes what a read brings: four reads of a shard of DynamoDB a second. */
const POLL_SECONDS = 0.25;

/** Of all invocations that begin in a second. */
function batchSeconds(service: ServiceTime, batches: number, records: number): number {
  return batches === 0 ? 0 : (batches * serviceMs(service, records / batches)) / 1_000;
}

/** @param perSecond - what a second takes, with functions of 1,024 MB */
function dollarsOf(perSecond: {
  readonly messagesPerSecond: number;
  readonly shards: number;
  readonly stateWriteUnits: number;
  readonly mapWriteUnits: number;
  readonly reduceWriteUnits: number;
  readonly invocations: number;
  readonly gigabyteSeconds: number;
}): Dollars {
  const monthly = (count: number, price: number): number => count * SECONDS_PER_MONTH * price;
  return {
    kinesis:
      perSecond.shards * HOURS_PER_MONTH * prices.shardHour +
      monthly(perSecond.messagesPerSecond, prices.payloadUnit),
    stateWrites: monthly(perSecond.stateWriteUnits, prices.writeUnit),
    mapWrites: monthly(perSecond.mapWriteUnits, prices.writeUnit),
    reduceWrites: monthly(perSecond.reduceWriteUnits, prices.writeUnit),
    lambda:
      monthly(perSecond.invocations, prices.request) +
      monthly(perSecond.gigabyteSeconds, prices.gigabyteSecond),
    logs: monthly(perSecond.invocations, LOG_GIGABYTES_PER_INVOCATION * prices.logGigabyte),
    metrics: prices.metricsAndAlarms,
  };
}

export function dollarSum(dollars: Dollars): number {
  return Object.values(dollars).reduce((sum, value) => sum + value, 0);
}

/** Something that a load cannot exceed. */
export interface Limit {
  readonly what: string;
  /** The load at which it is reached. */
  readonly messagesPerSecond: number;
  /** Whether AWS raises it for who asks. */
  readonly isQuota: boolean;
}

/** Far above every limit. */
const RATE_MAX = 1e9;
const SEARCH_STEPS = 60;

/**
 * At which load each limit is reached, the first first; shards and partitions grow with the load.
 *
 * @param at - what a load takes
 */
export function limitsOf(at: (messagesPerSecond: number) => CapacityOptions): readonly Limit[] {
  const reachedAt = (isOver: (options: CapacityOptions, capacity: Capacity) => boolean): number => {
    let [low, high] = [1, RATE_MAX];
    for (let step = 0; step < SEARCH_STEPS; step += 1) {
      const middle = Math.sqrt(low * high);
      const options = at(middle);
      [low, high] = isOver(options, capacityOf(options)) ? [low, middle] : [middle, high];
    }
    return low;
  };
  const limits: readonly (Omit<Limit, 'messagesPerSecond'> & {
    readonly isOver: Parameters<typeof reachedAt>[0];
  })[] = [
    {
      what: 'write units of StateTable, on demand',
      isQuota: true,
      isOver: (_options, { stateWriteUnits }) => stateWriteUnits > awsLimits.tableWriteUnits,
    },
    {
      what: 'shards of Kinesis',
      isQuota: true,
      isOver: ({ state }) => state.shards > awsLimits.shards,
    },
    {
      what: 'invocations at once',
      isQuota: true,
      isOver: (_options, { invocationsAtOnce }) => invocationsAtOnce > awsLimits.invocationsAtOnce,
    },
    {
      what: 'write units of AggregateTable, as long as all its items lie in one partition',
      isQuota: false,
      isOver: ({ units }, { hottestItemWriteUnits }) =>
        hottestItemWriteUnits * units.sums > awsLimits.partitionWriteUnits,
    },
    {
      what: 'transactions one after the other on the sums that all of them add to',
      isQuota: false,
      isOver: (_options, { sumsBusy }) => sumsBusy > 1,
    },
    {
      what: 'write units of one item: `message_count`, and the roots',
      isQuota: false,
      isOver: (_options, { hottestItemWriteUnits }) => hottestItemWriteUnits > awsLimits.partitionWriteUnits,
    },
  ];
  return limits
    .map(({ isOver, ...limit }) => ({ ...limit, messagesPerSecond: reachedAt(isOver) }))
    .toSorted((one, other) => one.messagesPerSecond - other.messagesPerSecond);
}
