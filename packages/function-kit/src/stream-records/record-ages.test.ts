import { describe, expect, it } from 'vitest';
import { recordAges } from './record-ages.ts';

describe('recordAges', () => {
  it('gives the ages of the oldest and the newest record, in whatever order they are', () => {
    expect(recordAges([100.5, 99.25, undefined, 102], 103_000)).toEqual({
      oldestMs: 3_750,
      newestMs: 1_000,
    });
  });

  it('takes a record from the future as one that has just arrived', () => {
    expect(recordAges([104], 103_000)).toEqual({ oldestMs: 0, newestMs: 0 });
  });

  it('gives nothing where no record has a time', () => {
    expect(recordAges([], 103_000)).toBeUndefined();
    expect(recordAges([undefined], 103_000)).toBeUndefined();
  });
});
