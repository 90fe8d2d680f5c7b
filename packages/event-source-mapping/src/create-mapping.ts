import { takeOutcome, whyAnswerFails } from './invocation-outcome.ts';
import { advanceLane, redeliver } from './lane-dispatch.ts';
import { createMachine, type Machine, retryTime } from './machine.ts';
import { checkpointsOf, isIdle, statsOf } from './mapping-stats.ts';
import { restart, takeRedelivery } from './redelivery.ts';
import { releaseChildren, takeListing } from './shard-catalog.ts';
import { advanceReading, takeReadFailure, takeRecords } from './shard-reading.ts';
import { isLaneEmpty, older, oldestUnfinished, type ShardState } from './shard-state.ts';
import type { Mapping, MappingInput, MappingOptions, MappingSettings } from './types.ts';

/**
 * Makes the state machine of one event source mapping.
 *
 * The machine does nothing by itself: each input returns commands, and what they bring is the next input. Its state is
 * its own and changes in place (copying the buffers at each step would cost more than all the rest); it is
 * deterministic in its settings, its random numbers and its inputs.
 *
 * @param settings - the mapping, as Lambda names its settings, and what AWS leaves open
 * @param options - random numbers, and checkpoints to go on from
 * @returns the machine, waiting for `start`
 * @throws {@link SettingsError} when Lambda's API would refuse the settings
 * @example
 * ```ts
 * import { createMapping } from '@oncefold/event-source-mapping';
 *
 * const mapping = createMapping(
 *   {
 *     source: {
 *       kind: 'dynamodb',
 *       arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/Stock/stream/2026-01-01T00:00:00.000',
 *       region: 'us-east-1',
 *     },
 *     functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:Total',
 *     startingPosition: 'TRIM_HORIZON',
 *   },
 *   { random: Math.random },
 * );
 * mapping.step({ type: 'start', now: 0 }).map((command) => command.type); // => ['list-shards']
 * ```
 */
export function createMapping(settings: MappingSettings, options: MappingOptions): Mapping {
  const machine = createMachine(settings, options);
  return {
    step(input) {
      machine.commands = [];
      machine.now = Math.max(machine.now, input.now);
      const touched = take(machine, input);
      if (machine.isStopped) {
        for (const shard of touched) {
          moveCheckpoint(machine, shard);
        }
      } else if (machine.isStarted) {
        advance(machine, touched);
      }
      setTimer(machine);
      return machine.commands;
    },
    whyAnswerFails: (invocationId, answer) => whyAnswerFails(machine, invocationId, answer),
    isIdle: () => isIdle(machine),
    isStopped: () => machine.isStopped && machine.invocations.size === 0 && machine.deliveries.size === 0,
    stats: () => statsOf(machine),
    checkpoints: () => checkpointsOf(machine),
  };
}

/** Takes one input in. Returns the shards concerned. */
function take(machine: Machine, input: MappingInput): ShardState[] {
  switch (input.type) {
    case 'start':
      machine.isStarted = true;
      return [];
    case 'stop':
      machine.isStopped = true;
      return [];
    case 'time-passed':
      return [];
    case 'shards-listed':
      machine.isListing = false;
      machine.failedLists = 0;
      machine.nextListMs = machine.now;
      if (!machine.mustListAgain) {
        machine.nextListMs += machine.settings.behaviour.shardListIntervalMs;
      }
      machine.mustListAgain = false;
      takeListing(machine, input.shards);
      return [];
    case 'shards-list-failed':
      machine.isListing = false;
      machine.failedLists += 1;
      machine.nextListMs = retryTime(machine, machine.failedLists);
      return [];
    case 'invocation-ended':
      return present(takeOutcome(machine, input.invocationId, input.outcome));
    case 'delivery-ended':
      return present(takeDelivery(machine, input.deliveryId, input.isDelivered));
    case 'redeliver':
      return present(takeRedelivery(machine, input.invocationId, input.delayMs));
    case 'records-read':
    case 'read-failed':
    case 'restart-shard':
      return present(takeForShard(machine, input));
  }
}

function takeForShard(
  machine: Machine,
  input: Extract<MappingInput, { type: 'records-read' | 'read-failed' | 'restart-shard' }>,
): ShardState | undefined {
  const shard = machine.shards.get(input.shardId);
  if (shard === undefined) {
    return undefined;
  }
  if (input.type === 'restart-shard') {
    restart(machine, shard, input.afterSequenceNumber);
  } else if (shard.readId === input.readId) {
    takeReadAnswer(machine, shard, input);
  }
  return shard;
}

function takeReadAnswer(
  machine: Machine,
  shard: ShardState,
  input: Extract<MappingInput, { type: 'records-read' | 'read-failed' }>,
): void {
  if (input.type === 'records-read') {
    takeRecords(machine, shard, input);
  } else {
    takeReadFailure(machine, shard, input.reason);
  }
}

function takeDelivery(machine: Machine, deliveryId: number, isDelivered: boolean): ShardState | undefined {
  const found = machine.deliveries.get(deliveryId);
  if (found === undefined) {
    return undefined;
  }
  const { shard, lane, delivery } = found;
  machine.deliveries.delete(deliveryId);
  delivery.deliveryId = undefined;
  if (isDelivered) {
    machine.counts.deliveries += 1;
  } else if (delivery.attempts < machine.settings.behaviour.destinationAttemptsMax) {
    delivery.notBeforeMs = retryTime(machine, delivery.attempts);
    return shard;
  } else {
    machine.counts.deliveriesLost += 1;
  }
  lane.delivery = undefined;
  return shard;
}

/** Lets everything go on that can: the shards concerned, or all of them when a time has come. */
function advance(machine: Machine, touched: readonly ShardState[]): void {
  const isDue = machine.now >= (machine.wakeAt ?? Number.POSITIVE_INFINITY);
  for (const shard of isDue ? [...machine.shards.values()] : touched) {
    advanceShard(machine, shard);
  }
  for (const shard of releaseChildren(machine)) {
    advanceShard(machine, shard);
  }
  if (!machine.isListing && machine.now >= machine.nextListMs) {
    machine.isListing = true;
    machine.commands.push({ type: 'list-shards' });
  }
}

function advanceShard(machine: Machine, shard: ShardState): void {
  let dueMs = Number.POSITIVE_INFINITY;
  for (const late of shard.late.splice(0)) {
    if (late.atMs > machine.now) {
      shard.late.push(late);
      dueMs = Math.min(dueMs, late.atMs);
    } else {
      shard.detachedInFlight += 1;
      redeliver(machine, shard, undefined, late.command);
    }
  }
  for (const lane of shard.lanes) {
    dueMs = Math.min(dueMs, advanceLane(machine, shard, lane));
  }
  dueMs = Math.min(dueMs, advanceReading(machine, shard));
  shard.dueMs = dueMs;
  moveCheckpoint(machine, shard);
  if (shard.status !== 'reading' || !shard.hasEnded) {
    return;
  }
  // A window of a shard that has ended is closed by its lane's last batch: an empty lane has none.
  if (!shard.lanes.every(isLaneEmpty)) {
    return;
  }
  shard.status = 'drained';
  machine.commands.push({ type: 'shard-drained', shardId: shard.shardId });
  // The children are wanted now, if they are not known yet; a listing that is out may be older than they are.
  machine.nextListMs = machine.now;
  machine.mustListAgain = machine.isListing;
}

/** The position before the oldest record that is not done with; with none, the last one read. */
function moveCheckpoint(machine: Machine, shard: ShardState): void {
  const oldest = shard.lanes.map(oldestUnfinished).reduce(older, undefined);
  const sequenceNumber = oldest === undefined ? shard.lastSequenceNumber : oldest.previous;
  if (sequenceNumber === undefined || sequenceNumber === shard.checkpoint) {
    return;
  }
  shard.checkpoint = sequenceNumber;
  machine.commands.push({ type: 'checkpoint', shardId: shard.shardId, sequenceNumber });
}

function setTimer(machine: Machine): void {
  let at = machine.isListing ? Number.POSITIVE_INFINITY : machine.nextListMs;
  for (const shard of machine.shards.values()) {
    at = Math.min(at, shard.dueMs);
  }
  const isOff = !machine.isStarted || machine.isStopped || at === Number.POSITIVE_INFINITY;
  const wakeAt = isOff ? undefined : at;
  if (wakeAt === machine.wakeAt) {
    return;
  }
  machine.wakeAt = wakeAt;
  machine.commands.push({ type: 'wake-at', at: wakeAt });
}

function present<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
