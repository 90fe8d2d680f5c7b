import type { WindowFields } from './event-payload.ts';
import type { Machine } from './machine.ts';
import type { BufferedRecord } from './record-queue.ts';
import type { Lane, OpenWindow, ShardState } from './shard-state.ts';

/** Opens the window that a record belongs to; windows are aligned to the epoch. */
export function openWindow(machine: Machine, lane: Lane, first: BufferedRecord): OpenWindow {
  const { windowMs } = machine.settings;
  const startMs = Math.floor(first.arrivalMs / windowMs) * windowMs;
  lane.window = {
    startMs,
    endMs: startMs + windowMs,
    state: '{}',
    isTerminatedEarly: false,
    firstRecord: first,
    lastRecord: first,
  };
  return lane.window;
}

/** A read after the window's end and its quiet time has found nothing more, or the shard has ended. */
export function isQuiet(machine: Machine, shard: ShardState, window: OpenWindow): boolean {
  if (shard.hasEnded) {
    return true;
  }
  const quietFrom = window.endMs + machine.settings.behaviour.windowQuietMs;
  return (shard.caughtUpMs ?? Number.NEGATIVE_INFINITY) >= quietFrom;
}

/** What an event carries of the lane's window, if it has one. */
export function windowFields(
  machine: Machine,
  shard: ShardState,
  lane: Lane,
  isFinal: boolean,
): WindowFields | undefined {
  const window = lane.window;
  if (window === undefined) {
    return undefined;
  }
  return {
    startMs: window.startMs,
    endMs: window.endMs,
    state: window.state,
    shardId: shard.shardId,
    eventSourceArn: machine.settings.source.arn,
    isFinal,
    isTerminatedEarly: window.isTerminatedEarly,
  };
}
