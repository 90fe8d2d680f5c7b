import type { Machine } from './machine.ts';
import { bufferedSize } from './shard-reading.ts';
import { type Batch, isLaneEmpty, older, type ShardState } from './shard-state.ts';
import type { Checkpoints, MappingStats, ShardStats } from './types.ts';

/** See `Mapping.isIdle`. */
export function isIdle(machine: Machine): boolean {
  if (machine.invocations.size > 0 || machine.deliveries.size > 0) {
    return false;
  }
  if (machine.isStopped) {
    return true;
  }
  return machine.hasListed && [...machine.shards.values()].every(isShardIdle);
}

/** See `Mapping.stats`. */
export function statsOf(machine: Machine): MappingStats {
  return { ...machine.counts, shards: [...machine.shards.values()].map(shardStats) };
}

/** See `Mapping.checkpoints`. */
export function checkpointsOf(machine: Machine): Checkpoints {
  const checkpoints = new Map<string, string>();
  for (const { shardId, checkpoint } of machine.shards.values()) {
    if (checkpoint !== undefined) {
      checkpoints.set(shardId, checkpoint);
    }
  }
  return checkpoints;
}

function isShardIdle(shard: ShardState): boolean {
  if (shard.late.length > 0 || !shard.lanes.every(isLaneEmpty)) {
    return false;
  }
  if (shard.status !== 'reading') {
    return shard.status === 'drained';
  }
  return shard.caughtUpMs !== undefined && !hasOpenWindow(shard);
}

function hasOpenWindow(shard: ShardState): boolean {
  return shard.lanes.some((lane) => lane.window !== undefined);
}

function shardStats(shard: ShardState): ShardStats {
  const buffered = bufferedSize(shard);
  const count = (test: (lane: ShardState['lanes'][number]) => number): number =>
    shard.lanes.reduce((sum, lane) => sum + test(lane), 0);
  return {
    shardId: shard.shardId,
    status: shard.status,
    checkpoint: shard.checkpoint,
    bufferedRecords: buffered.records,
    bufferedBytes: buffered.bytes,
    ...unfinished(shard, buffered.records),
    invocationsInFlight: shard.detachedInFlight + count((lane) => (lane.running === undefined ? 0 : 1)),
    batchesWaiting: shard.late.length + count((lane) => lane.waiting.length + lane.redeliveries.length),
    deliveriesInFlight: count((lane) => (lane.delivery === undefined ? 0 : 1)),
    hasOpenWindow: hasOpenWindow(shard),
    isCaughtUp: shard.caughtUpMs !== undefined,
  };
}

function unfinished(
  shard: ShardState,
  bufferedRecords: number,
): Pick<ShardStats, 'unfinishedRecords' | 'oldestReadMs'> {
  const batches: readonly Batch[] = shard.lanes.flatMap(({ running, waiting }) =>
    running?.batch === undefined ? waiting : [running.batch, ...waiting],
  );
  const heads = [...batches.map(({ records }) => records[0]), ...shard.lanes.map(({ fresh }) => fresh.at(0))];
  return {
    unfinishedRecords: batches.reduce((sum, { records }) => sum + records.length, bufferedRecords),
    oldestReadMs: heads.reduce(older, undefined)?.readMs,
  };
}
