import { buildPayload, envelopeBytes } from './event-payload.ts';
import { createDelivery } from './failure-document.ts';
import { nextFreshBatch } from './fresh-batch.ts';
import { type InvocationInFlight, type Machine, nextId } from './machine.ts';
import type { BufferedRecord } from './record-queue.ts';
import {
  type Batch,
  createBatch,
  type Lane,
  type OpenWindow,
  type PendingDelivery,
  partOf,
  type ShardState,
} from './shard-state.ts';
import { openWindow, windowFields } from './tumbling-window.ts';
import type { DiscardCondition, InvokeCommand } from './types.ts';

/**
 * Gives a lane something to do, if it is free and something is due: a redelivery, a batch that is retried, or a fresh
 * one. Batches that are given up on the way are taken out.
 *
 * @returns when the lane is due next, in milliseconds since the epoch, or Infinity while it waits for an answer
 */
export function advanceLane(machine: Machine, shard: ShardState, lane: Lane): number {
  // Each turn takes records out of the lane or ends, so that the loop ends with the lane's records.
  for (;;) {
    if (lane.running !== undefined) {
      return Number.POSITIVE_INFINITY;
    }
    if (lane.delivery !== undefined) {
      return offerDelivery(machine, shard, lane, lane.delivery);
    }
    const redelivery = lane.redeliveries.shift();
    if (redelivery !== undefined) {
      lane.running = redeliver(machine, shard, lane, redelivery);
      return Number.POSITIVE_INFINITY;
    }
    const next = nextBatch(machine, shard, lane);
    if (typeof next === 'number') {
      return next;
    }
    const batch = withoutExpired(machine, shard, lane, next);
    if (batch !== undefined) {
      run(machine, shard, lane, batch);
    }
  }
}

/** Sends a remembered event again. */
export function redeliver(
  machine: Machine,
  shard: ShardState,
  lane: Lane | undefined,
  remembered: InvokeCommand,
): InvocationInFlight {
  machine.counts.redeliveries += 1;
  const command = { ...remembered, invocationId: nextId(machine), isRedelivery: true };
  return invoke(machine, { shard, lane, batch: undefined, command });
}

/** Gives a batch up: a notice for the driver, and a document for the destination where there is one. */
export function discard(
  machine: Machine,
  shard: ShardState,
  lane: Lane,
  batch: Batch,
  condition: DiscardCondition,
): void {
  if (machine.isStopped) {
    // The destination would not be told any more: the records stay undone, before the checkpoint.
    lane.waiting.push(batch);
    return;
  }
  const { first, last } = edgesOf(batch, lane);
  machine.counts.recordsDiscarded += batch.records.length;
  machine.commands.push({
    type: 'discarded',
    shardId: shard.shardId,
    condition,
    recordCount: batch.records.length,
    startSequenceNumber: first.sequenceNumber,
    endSequenceNumber: last.sequenceNumber,
    sequenceNumbers: batch.records.map((record) => record.sequenceNumber),
  });
  const { destination } = machine.settings;
  if (destination !== undefined) {
    const window = windowFields(machine, shard, lane, batch.isFinal);
    lane.delivery = createDelivery(machine, shard, destination, { batch, condition, first, last, window });
  }
  if (batch.records.length === 0) {
    lane.window = undefined;
  }
}

/** The batch that is due now, or the time to look again. */
function nextBatch(machine: Machine, shard: ShardState, lane: Lane): Batch | number {
  const waiting = lane.waiting.at(-1);
  // A window that ends early ends before its batches that wait; they open the next one.
  if (lane.window?.isTerminatedEarly === true && waiting?.records.length !== 0) {
    return createBatch([], true);
  }
  if (waiting === undefined) {
    return nextFreshBatch(machine, shard, lane);
  }
  if (waiting.notBeforeMs > machine.now) {
    return waiting.notBeforeMs;
  }
  lane.waiting.pop();
  const isRetried = waiting.invokeCount > 0;
  const isRecut = waiting.isToBeRecut || machine.settings.behaviour.retryGrouping === 'recut';
  return isRetried && isRecut ? recut(machine, lane, waiting) : waiting;
}

/** Cuts a batch anew: fewer records, the rest after them, or more, with fresh ones added. */
function recut(machine: Machine, lane: Lane, batch: Batch): Batch {
  const { settings } = machine;
  batch.isToBeRecut = false;
  const count = 1 + Math.floor(machine.random() * settings.batchSize);
  if (count < batch.records.length) {
    lane.waiting.push(partOf(batch, batch.records.slice(count), batch.isFinal));
    return partOf(batch, batch.records.slice(0, count), false);
  }
  const isLast = lane.waiting.length === 0 && settings.windowMs === 0;
  const added = isLast ? lane.fresh.take(count - batch.records.length) : [];
  return partOf(batch, [...batch.records, ...added], batch.isFinal);
}

/** Gives up the records that are too old; returns what is to be sent now. */
function withoutExpired(machine: Machine, shard: ShardState, lane: Lane, batch: Batch): Batch | undefined {
  const { settings, now } = machine;
  const oldest = now - settings.recordAgeMsMax - settings.behaviour.arrivalResolutionMs;
  const isExpired = (record: BufferedRecord): boolean => record.arrivalMs < oldest;
  if (batch.records.length === 0) {
    if ((lane.window as OpenWindow).endMs >= oldest) {
      return batch;
    }
    discard(machine, shard, lane, batch, 'RecordAgeExceeded');
    return undefined;
  }
  if (!batch.records.some(isExpired)) {
    return batch;
  }
  const alive = batch.records.filter((record) => !isExpired(record));
  if (alive.length > 0) {
    lane.waiting.push(partOf(batch, alive, batch.isFinal));
  }
  discard(machine, shard, lane, partOf(batch, batch.records.filter(isExpired), false), 'RecordAgeExceeded');
  return undefined;
}

function run(machine: Machine, shard: ShardState, lane: Lane, given: Batch): void {
  if (machine.settings.windowMs > 0 && lane.window === undefined) {
    openWindow(machine, lane, edgesOf(given, lane).first);
  }
  const batch = cutToPayload(machine, shard, lane, given);
  if (batch === undefined) {
    return;
  }
  const payload = buildPayload(batch.records, windowFields(machine, shard, lane, batch.isFinal));
  const { first, last } = edgesOf(batch, lane);
  const command: InvokeCommand = {
    type: 'invoke',
    invocationId: nextId(machine),
    shardId: shard.shardId,
    lane: lane.index,
    payload: payload.json,
    payloadBytes: payload.bytes,
    recordCount: batch.records.length,
    startSequenceNumber: first.sequenceNumber,
    endSequenceNumber: last.sequenceNumber,
    retryAttempt: batch.retryAttempt,
    isRedelivery: false,
  };
  lane.running = invoke(machine, { shard, lane, batch, command });
}

function invoke(machine: Machine, invocation: InvocationInFlight): InvocationInFlight {
  machine.invocations.set(invocation.command.invocationId, invocation);
  machine.counts.invocations += 1;
  machine.commands.push(invocation.command);
  return invocation;
}

/** The first and the last record of a batch or, where it has none, of the window that it closes. */
function edgesOf(
  { records }: Batch,
  { window }: Lane,
): { readonly first: BufferedRecord; readonly last: BufferedRecord } {
  if (records.length > 0) {
    return { first: records[0] as BufferedRecord, last: records.at(-1) as BufferedRecord };
  }
  if (window === undefined) {
    throw new Error('invariant: a batch without records has a window');
  }
  return { first: window.firstRecord, last: window.lastRecord };
}

/**
 * Keeps an event within the payload limit: what does not fit waits behind it. That matters for batches that are retried
 * with a larger window state, or recut; a record that is too large alone is given up.
 */
function cutToPayload(machine: Machine, shard: ShardState, lane: Lane, batch: Batch): Batch | undefined {
  const limit = machine.settings.behaviour.payloadBytesMax;
  let bytes = envelopeBytes(windowFields(machine, shard, lane, batch.isFinal));
  let count = 0;
  for (const record of batch.records) {
    bytes += record.bytes + (count > 0 ? 1 : 0);
    if (bytes > limit) {
      break;
    }
    count += 1;
  }
  if (count === batch.records.length) {
    return batch;
  }
  const isTooLarge = count === 0;
  const split = Math.max(1, count);
  const rest = batch.records.slice(split);
  if (rest.length > 0) {
    lane.waiting.push(partOf(batch, rest, batch.isFinal));
  }
  const part = partOf(batch, batch.records.slice(0, split), batch.isFinal && rest.length === 0);
  if (!isTooLarge) {
    return part;
  }
  discard(machine, shard, lane, part, 'PayloadTooLarge');
  return undefined;
}

function offerDelivery(machine: Machine, shard: ShardState, lane: Lane, delivery: PendingDelivery): number {
  if (delivery.deliveryId !== undefined) {
    return Number.POSITIVE_INFINITY;
  }
  if (delivery.notBeforeMs > machine.now) {
    return delivery.notBeforeMs;
  }
  delivery.deliveryId = nextId(machine);
  delivery.attempts += 1;
  machine.deliveries.set(delivery.deliveryId, { shard, lane, delivery });
  machine.commands.push({ ...delivery.command, deliveryId: delivery.deliveryId });
  return Number.POSITIVE_INFINITY;
}
