// Goal: show the documented rules of one page by examples. Method: the machine runs on a virtual clock against shards in
// memory; the tests look at what the function and the destination got to see.
import { describe, expect, it } from 'vitest';
import { batches, checkpoint, failOn, runMapping } from './run-mapping.ts';
import { createSteppedMapping, listed, read, start } from './step-mapping.ts';
import { record, shardWith, success } from './virtual-driver.ts';

describe('createMapping: parallelization', () => {
  it('runs several batches of a shard at once and keeps the order of each partition key', () => {
    const shard = shardWith(0);
    for (let number = 1; number <= 60; number += 1) {
      shard.records.push(record(number, { key: `key-${number % 7}` }));
    }
    let running = 0;
    let most = 0;
    const driver = runMapping({ parallelizationFactor: 4, batchSize: 3 }, shard, (_seen, each) => {
      running += 1;
      most = Math.max(most, running);
      each.at(each.now + 10, () => {
        running -= 1;
      });
      return success;
    });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    for (let key = 0; key < 7; key += 1) {
      const inOrder = batches(driver)
        .flat()
        .filter((number) => number % 7 === key);
      expect(inOrder).toEqual([...inOrder].sort((left, right) => left - right));
    }
    expect(checkpoint(driver)).toBe(60);
  });

  it('spreads partition keys over the lanes by FNV-1a, the same in each run', () => {
    const keys = ['', 'a', 'foobar', 'key-1', 'größe', '😀', '0'.repeat(256)];
    for (const factor of [1, 2, 7, 10]) {
      for (const key of keys) {
        const { step } = createSteppedMapping({ parallelizationFactor: factor });
        step(0, start);
        step(0, listed('a'));
        const invoke = step(1, read('a', 1, [1], { key })).find(({ type }) => type === 'invoke');
        expect(invoke).toMatchObject({ lane: Number(fnv1a(key) % BigInt(factor)) });
      }
    }
  });

  it('checkpoints before the oldest record that is not done with, whatever is done after it', () => {
    const shard = shardWith(0);
    for (let number = 1; number <= 40; number += 1) {
      shard.records.push(record(number, { key: `key-${number % 5}` }));
    }
    const settings = { parallelizationFactor: 4, batchSize: 2 };
    const driver = runMapping(settings, shard, failOn(11), { forMs: 5_000 });
    expect(checkpoint(driver)).toBeLessThan(11);
    expect(batches(driver).flat()).toContain(40);
  });
});

/** 32 bits of FNV-1a over the code units, with whole numbers of any size. */
function fnv1a(text: string): bigint {
  let hash = 0x811c9dc5n;
  for (let index = 0; index < text.length; index += 1) {
    hash = ((hash ^ BigInt(text.charCodeAt(index))) * 0x01000193n) & 0xffffffffn;
  }
  return hash;
}
