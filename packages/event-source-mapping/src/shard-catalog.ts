import type { Machine } from './machine.ts';
import { createShard, type ShardState } from './shard-state.ts';
import type { ReadPosition, ShardDescription } from './types.ts';

/**
 * Takes a listing of the stream's shards: new ones are added, drained ones that are no longer listed are forgotten.
 *
 * At the first listing the starting position applies to every shard; under LATEST the shards that are closed already
 * have nothing new and are passed over. A shard that appears later, or whose parent is still open, is read from its
 * beginning, or its first records would be lost.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 */
export function takeListing(machine: Machine, listed: readonly ShardDescription[]): void {
  const ids = new Set(listed.map(({ shardId }) => shardId));
  for (const description of listed) {
    if (!machine.shards.has(description.shardId)) {
      addShard(machine, description, listed);
    }
  }
  for (const shard of machine.shards.values()) {
    if (shard.status === 'drained' && !ids.has(shard.shardId)) {
      machine.shards.delete(shard.shardId);
    }
  }
  machine.hasListed = true;
}

/**
 * Lets shards be read whose parents are drained: the order of a partition key outlives a split or a merge.
 */
export function releaseChildren(machine: Machine): ShardState[] {
  const released: ShardState[] = [];
  for (const shard of machine.shards.values()) {
    if (shard.status !== 'waiting-for-parents' || !shard.parentShardIds.every(isDrained)) {
      continue;
    }
    shard.status = 'reading';
    released.push(shard);
  }
  return released;

  /** A parent that is not known has been trimmed away. */
  function isDrained(shardId: string): boolean {
    const parent = machine.shards.get(shardId);
    return parent === undefined || parent.status === 'drained';
  }
}

function addShard(
  machine: Machine,
  description: ShardDescription,
  listed: readonly ShardDescription[],
): void {
  const { startingPosition, parallelizationFactor } = machine.settings;
  const checkpoint = machine.resumeFrom.get(description.shardId);
  const position = startOf(machine, description, listed);
  const shard = createShard(
    description,
    { position: position ?? startingPosition, checkpoint },
    parallelizationFactor,
  );
  if (position === undefined) {
    shard.status = 'drained';
  }
  machine.shards.set(description.shardId, shard);
}

/** Where to begin, or undefined for a shard with nothing to deliver. */
function startOf(
  machine: Machine,
  description: ShardDescription,
  listed: readonly ShardDescription[],
): ReadPosition | undefined {
  const { startingPosition } = machine.settings;
  const sequenceNumber = machine.resumeFrom.get(description.shardId);
  if (sequenceNumber !== undefined) {
    return { kind: 'after-sequence-number', sequenceNumber };
  }
  if (machine.hasListed) {
    return { kind: 'trim-horizon' };
  }
  if (startingPosition.kind === 'latest') {
    if (description.isClosed) {
      return undefined;
    }
    if (hasOpenParent(description, listed)) {
      return { kind: 'trim-horizon' };
    }
  }
  // A descendant that was begun shows that this shard was drained, or passed over, before.
  if (hasBegunDescendant(machine, description.shardId, listed)) {
    return undefined;
  }
  return startingPosition;
}

/** All records of such a shard are newer than those that its parent still takes, which is read from now on. */
function hasOpenParent({ parentShardIds }: ShardDescription, listed: readonly ShardDescription[]): boolean {
  return listed.some(({ shardId, isClosed }) => !isClosed && parentShardIds.includes(shardId));
}

function hasBegunDescendant(machine: Machine, shardId: string, listed: readonly ShardDescription[]): boolean {
  const ancestors = new Set([shardId]);
  // A list may name children before their parents; each pass finds one more generation, or nothing and ends.
  for (let size = 0; size < ancestors.size; ) {
    size = ancestors.size;
    for (const shard of listed) {
      if (!shard.parentShardIds.some((parent) => ancestors.has(parent))) {
        continue;
      }
      if (machine.resumeFrom.has(shard.shardId)) {
        return true;
      }
      ancestors.add(shard.shardId);
    }
  }
  return false;
}
