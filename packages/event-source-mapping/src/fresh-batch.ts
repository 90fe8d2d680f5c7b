import { envelopeBytes } from './event-payload.ts';
import type { Machine } from './machine.ts';
import type { BufferedRecord } from './record-queue.ts';
import { hasRoom } from './shard-reading.ts';
import { type Batch, createBatch, type Lane, type ShardState } from './shard-state.ts';
import { isQuiet, openWindow, windowFields } from './tumbling-window.ts';

/** Bytes around the records of an ordinary event. */
const plainEnvelopeBytes = envelopeBytes(undefined);

/**
 * Forms the next batch of records that were not sent yet.
 *
 * A batch is due when it is full by count or by size, when the batching window of its first record is over, or when
 * nothing more can come for it: the shard or the tumbling window has ended, or no more fits into the buffer.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
 */
export function nextFreshBatch(machine: Machine, shard: ShardState, lane: Lane): Batch | number {
  if (machine.settings.windowMs > 0) {
    return nextWindowBatch(machine, shard, lane);
  }
  const first = lane.fresh.at(0);
  if (first === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  const fitting = countFitting(machine, lane, plainEnvelopeBytes, Number.POSITIVE_INFINITY);
  const due = dueTime(machine, shard, first, fitting.isFull);
  return due > machine.now ? due : createBatch(lane.fresh.take(fitting.count), false);
}

/**
 * As above for tumbling windows: a batch never crosses a window's end, and each window ends with one last event.
 *
 * A record belongs to the window of its arrival time; one that arrives late belongs to the window that is open. A window
 * ends when a later record is there, when the shard has ended, or when the shard has been quiet for long enough after its
 * end.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
 */
function nextWindowBatch(machine: Machine, shard: ShardState, lane: Lane): Batch | number {
  const first = lane.fresh.at(0);
  const window = lane.window ?? (first && openWindow(machine, lane, first));
  if (window === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  const isOver = first === undefined ? isQuiet(machine, shard, window) : first.arrivalMs >= window.endMs;
  if (isOver) {
    return createBatch([], true);
  }
  if (first === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  const envelope = envelopeBytes(windowFields(machine, shard, lane, false));
  const fitting = countFitting(machine, lane, envelope, window.endMs);
  const due = dueTime(machine, shard, first, fitting.isFull);
  if (due > machine.now) {
    return due;
  }
  const next = lane.fresh.at(fitting.count);
  const endsHere = next === undefined ? shard.hasEnded : next.arrivalMs >= window.endMs;
  const isFinal = endsHere && machine.settings.behaviour.finalInvocation === 'with-records';
  const records = lane.fresh.take(fitting.count);
  for (const record of records) {
    window.lastRecord = record;
  }
  return createBatch(records, isFinal);
}

/** How many of the waiting records fit into one event, and whether no further one would. */
function countFitting(
  machine: Machine,
  lane: Lane,
  envelope: number,
  endMs: number,
): { readonly count: number; readonly isFull: boolean } {
  const { batchSize, behaviour } = machine.settings;
  const { fresh } = lane;
  let bytes = envelope;
  for (let count = 0; count < batchSize; count += 1) {
    const record = fresh.at(count);
    if (record === undefined) {
      return { count, isFull: false };
    }
    bytes += record.bytes + (count > 0 ? 1 : 0);
    const isBeyond = bytes > behaviour.payloadBytesMax || record.arrivalMs >= endMs;
    // A record that is too large alone makes a batch of its own and is dealt with there.
    if (isBeyond) {
      return { count: Math.max(1, count), isFull: true };
    }
  }
  return { count: batchSize, isFull: true };
}

function dueTime(machine: Machine, shard: ShardState, first: BufferedRecord, isFull: boolean): number {
  if (isFull || shard.hasEnded || !hasRoom(machine, shard)) {
    return machine.now;
  }
  return first.readMs + machine.settings.batchingWindowMs;
}
