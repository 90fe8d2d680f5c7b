// Goal: show that a shard's children are read after it is drained, and that no shard is missed. Method: a virtual clock
// and shards that split and merge.
import { describe, expect, it } from 'vitest';
import { batches, runMapping } from './run-mapping.ts';
import { epochMs, record, success, throttle, type VirtualShard } from './virtual-driver.ts';

describe('createMapping: resharding', () => {
  it('drains the parent before it reads the children of a split', () => {
    const shards = [shard('a', [], [1, 2], true), shard('b', ['a'], [3]), shard('c', ['a'], [4])];
    let throttles = 5;
    const driver = runMapping({}, shards, () => {
      throttles -= 1;
      return throttles >= 0 ? throttle : success;
    });
    const order = batches(driver);
    expect(order.slice(0, 6).every((batch) => batch[0] === 1)).toBe(true);
    expect(order.slice(6).flat().sort()).toEqual([3, 4]);
  });

  it('drains both parents before it reads the child of a merge', () => {
    const shards = [
      shard('child', ['left', 'right'], [5]),
      shard('left', [], [1], true),
      shard('right', [], [2], true),
    ];
    const driver = runMapping({}, shards, ({ sequenceNumbers }) => ({
      ...success,
      durationMs: sequenceNumbers[0]?.endsWith('2') === true ? 5_000 : 10,
    }));
    expect(batches(driver)).toEqual([[1], [2], [5]]);
    expect(driver.seen[2]?.atMs).toBeGreaterThan(epochMs + 5_000);
  });

  it('finds shards that appear later, at once when a shard ends, and reads them from their beginning', () => {
    const shards = [shard('a', [], [1])];
    const driver = runMapping({ startingPosition: 'LATEST' }, shards, () => success, { forMs: 3_000 });
    shards.push(shard('b', ['a'], [2, 3]));
    const parent = shards[0];
    if (parent !== undefined) {
      parent.isClosed = true;
    }
    driver.runUntil(epochMs + 5_000);
    expect(batches(driver)).toEqual([[2, 3]]);
  });

  it('passes over shards that are closed already under LATEST', () => {
    const shards = [shard('a', [], [1], true), shard('b', ['a'], [2])];
    const driver = runMapping({ startingPosition: 'LATEST' }, shards, () => success, { forMs: 3_000 });
    shards[1]?.records.push(record(3));
    driver.runUntil(epochMs + 6_000);
    expect(batches(driver)).toEqual([[3]]);
  });

  it('reads a shard whose parents are gone, and forgets drained shards that are no longer listed', () => {
    const shards = [shard('a', ['trimmed'], [1], true)];
    const driver = runMapping({}, shards, () => success, { forMs: 2_000 });
    expect(batches(driver)).toEqual([[1]]);
    expect(driver.mapping.stats().shards).toHaveLength(1);
    shards.splice(0, 1, shard('b', ['a'], [2]));
    driver.runUntil(epochMs + 30_000);
    expect(driver.mapping.stats().shards.map(({ shardId }) => shardId)).toEqual(['b']);
    expect(batches(driver)).toEqual([[1], [2]]);
  });

  it('does not read a drained parent again when it goes on from checkpoints', () => {
    const shards = [shard('a', [], [1], true), shard('b', ['a'], [2, 3])];
    const first = runMapping({}, shards, () => success);
    const again = runMapping({}, shards, () => success, { checkpoints: first.mapping.checkpoints() });
    expect(batches(again)).toEqual([]);
    expect(again.mapping.isIdle()).toBe(true);
  });

  it('lists again after a back-off when a listing fails', () => {
    const driver = runMapping({}, [shard('a', [], [1])], () => success, { forMs: 0 });
    driver.send({ type: 'shards-list-failed' });
    driver.runUntil(epochMs + 60_000);
    expect(batches(driver)).toEqual([[1]]);
    expect(driver.commands.filter(({ type }) => type === 'list-shards').length).toBeGreaterThan(5);
  });
});

function shard(
  shardId: string,
  parentShardIds: readonly string[],
  numbers: readonly number[],
  isClosed = false,
): VirtualShard {
  return { shardId, parentShardIds, isClosed, records: numbers.map((number) => record(number)) };
}
