import { backOffMs } from './back-off.ts';
import { createRecordFilter, type RecordFilter } from './record-filter.ts';
import { type ResolvedSettings, resolveSettings } from './settings.ts';
import type { Lane, PendingDelivery, Running, ShardState } from './shard-state.ts';
import type { Checkpoints, MappingCommand, MappingOptions, MappingSettings, MappingStats } from './types.ts';

type Counts = { -readonly [Name in Exclude<keyof MappingStats, 'shards'>]: number };

/** An invocation that waits for its end, and where it came from. */
export interface InvocationInFlight extends Running {
  readonly shard: ShardState;
  /** Undefined for a late redelivery, which runs beside the lanes. */
  readonly lane: Lane | undefined;
}

/** A document that was handed over and not yet taken. */
export interface DeliveryInFlight {
  readonly shard: ShardState;
  readonly lane: Lane;
  readonly delivery: PendingDelivery;
}

/** Everything that the parts of the machine share. */
export interface Machine {
  readonly settings: ResolvedSettings;
  readonly random: () => number;
  readonly filter: RecordFilter | undefined;
  readonly mappingId: string;
  /** In the order of their discovery. */
  readonly shards: Map<string, ShardState>;
  readonly invocations: Map<number, InvocationInFlight>;
  readonly deliveries: Map<number, DeliveryInFlight>;
  readonly resumeFrom: Checkpoints;
  readonly counts: Counts;
  /** Latest time seen, in milliseconds since the epoch. */
  now: number;
  lastId: number;
  isStarted: boolean;
  isStopped: boolean;
  hasListed: boolean;
  isListing: boolean;
  /** A shard has ended since the listing that is out was asked for. */
  mustListAgain: boolean;
  nextListMs: number;
  failedLists: number;
  /** What the driver was told last. */
  wakeAt: number | undefined;
  commands: MappingCommand[];
}

/** A machine that has done nothing yet. */
export function createMachine(given: MappingSettings, options: MappingOptions): Machine {
  const settings = resolveSettings(given);
  return {
    settings,
    random: options.random,
    filter: createRecordFilter(settings.filters, settings.source.kind),
    mappingId: settings.mappingId ?? randomUuid(options.random),
    shards: new Map(),
    invocations: new Map(),
    deliveries: new Map(),
    resumeFrom: options.checkpoints ?? new Map(),
    counts: {
      recordsRead: 0,
      recordsFiltered: 0,
      recordsSucceeded: 0,
      recordsDiscarded: 0,
      invocations: 0,
      failures: 0,
      throttles: 0,
      redeliveries: 0,
      deliveries: 0,
      deliveriesLost: 0,
    },
    now: 0,
    lastId: 0,
    isStarted: false,
    isStopped: false,
    hasListed: false,
    isListing: false,
    mustListAgain: false,
    nextListMs: 0,
    failedLists: 0,
    wakeAt: undefined,
    commands: [],
  };
}

/** Ids count up over everything that is asked for, so that no two answers can be confused. */
export function nextId(machine: Machine): number {
  machine.lastId += 1;
  return machine.lastId;
}

/** When something that has failed is tried again: attempt 1 is the first retry. */
export function retryTime(machine: Machine, attempt: number): number {
  const { backoffBaseMs, backoffLimitMs } = machine.settings.behaviour;
  return machine.now + backOffMs(attempt, backoffBaseMs, backoffLimitMs, machine.random());
}

/** A version 4 UUID from the machine's own random numbers. */
export function randomUuid(random: () => number): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (place) => {
    const digit = Math.floor(random() * 16);
    return (place === 'x' ? digit : (digit & 0x3) | 0x8).toString(16);
  });
}
