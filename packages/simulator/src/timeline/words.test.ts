import { describe, expect, it } from 'vitest';
import { clockText, durationText, listText, shardText, shortenShards } from './words.ts';

describe('durationText', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_000, '1 s'],
    [5_020, '5.02 s'],
    [59_990, '59.99 s'],
    [60_000, '1 min'],
    [603_000, '10 min 3 s'],
    [7_500_000, '2 h 5 min'],
    [7_200_000, '2 h'],
  ])('says %d ms as people say it', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });
});

describe('clockText', () => {
  it.each([
    [0, '0.000'],
    [1_026, '1.026'],
    [603_500, '10:03.500'],
    [7_505_007, '2:05:05.007'],
  ])('writes %d ms to the millisecond', (milliseconds, text) => {
    expect(clockText(milliseconds)).toBe(text);
  });
});

describe('listText', () => {
  it('joins a few words and cuts many', () => {
    expect(listText([])).toBe('nothing');
    expect(listText(['r1'])).toBe('r1');
    expect(listText(['r1', 'r2', 'r3'])).toBe('r1, r2 and r3');
    expect(listText(['a', 'b', 'c', 'd', 'e'], 3)).toBe('a, b and 3 more');
  });
});

describe('shardText', () => {
  it('shortens the ids of shards, in a text too', () => {
    expect(shardText('shardId-000000000003')).toBe('shard 3');
    expect(shardText('shardId-000000000000')).toBe('shard 0');
    expect(shardText('elsewhere')).toBe('elsewhere');
    expect(shortenShards('shardId-000000000001 is split')).toBe('shard 1 is split');
  });
});
