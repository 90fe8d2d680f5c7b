// Goal: show the documented rules of one page by examples. Method: the machine runs on a virtual clock against shards in
// memory; the tests look at what the function and the destination got to see.
import { describe, expect, it } from 'vitest';
import { batches, runMapping } from './run-mapping.ts';
import { epochMs, record, sequenceNumber, shardWith, success } from './virtual-driver.ts';

describe('createMapping: starting position', () => {
  it('reads everything from TRIM_HORIZON', () => {
    expect(batches(runMapping({}, shardWith(2), () => success)).flat()).toEqual([1, 2]);
  });

  it('reads only what is new from LATEST', () => {
    const shard = shardWith(2);
    const driver = runMapping({ startingPosition: 'LATEST' }, shard, () => success, { forMs: 2_000 });
    shard.records.push(record(3));
    driver.runUntil(epochMs + 10_000);
    expect(batches(driver)).toEqual([[3]]);
  });

  it('reads from a time with AT_TIMESTAMP', () => {
    const shard = shardWith(0);
    for (let number = 1; number <= 4; number += 1) {
      shard.records.push(record(number, { atMs: epochMs - 10_000 + number * 1_000 }));
    }
    const settings = {
      startingPosition: 'AT_TIMESTAMP',
      startingPositionTimestamp: (epochMs - 7_000) / 1000,
    } as const;
    expect(batches(runMapping(settings, shard, () => success))).toEqual([[3, 4]]);
  });

  it('goes on after given checkpoints', () => {
    const checkpoints = new Map([['shardId-000000000000', sequenceNumber(3)]]);
    expect(batches(runMapping({}, shardWith(5), () => success, { checkpoints }))).toEqual([[4, 5]]);
  });
});
