import type { Machine } from './machine.ts';
import { createLanes, type Lane, type ShardState } from './shard-state.ts';

/**
 * Replaces the poller of a shard: what was read and is not done with is forgotten, and what runs is abandoned. A drained
 * shard stays drained.
 */
export function restart(machine: Machine, shard: ShardState, afterSequenceNumber: string | undefined): void {
  if (shard.status === 'drained') {
    return;
  }
  for (const flights of [machine.invocations, machine.deliveries]) {
    for (const [id, flight] of flights) {
      if (flight.shard === shard && flight.lane !== undefined) {
        flights.delete(id);
      }
    }
  }
  const from = afterSequenceNumber ?? shard.checkpoint;
  shard.checkpoint = from;
  shard.lanes = createLanes(shard.lanes.length);
  shard.lastSequenceNumber = from;
  shard.readId = undefined;
  shard.nextReadMs = machine.now;
  shard.hasEnded = false;
  shard.caughtUpMs = undefined;
  if (from !== undefined) {
    shard.position = { kind: 'after-sequence-number', sequenceNumber: from };
  } else if (shard.firstSequenceNumber !== undefined) {
    shard.position = { kind: 'at-sequence-number', sequenceNumber: shard.firstSequenceNumber };
  }
}

/** Plans a second delivery of a batch that is remembered. */
export function takeRedelivery(
  machine: Machine,
  invocationId: number,
  delayMs: number,
): ShardState | undefined {
  for (const shard of machine.shards.values()) {
    const command = shard.remembered.find((remembered) => remembered.invocationId === invocationId);
    if (command === undefined) {
      continue;
    }
    const lane = shard.lanes[command.lane] as Lane;
    const pending = shard.late.length + shard.lanes.reduce((sum, each) => sum + each.redeliveries.length, 0);
    if (pending >= machine.settings.behaviour.rememberedBatchesMax) {
      return undefined;
    }
    if (delayMs > 0) {
      shard.late.push({ atMs: machine.now + delayMs, command });
    } else {
      lane.redeliveries.push(command);
    }
    return shard;
  }
  return undefined;
}
