import { describe, expect, it } from 'vitest';
import { recordAges } from './record-ages.ts';

describe('recordAges', () => {
  it('tells the ages of the oldest and the newest record, in whatever order they stand', () => {
    expect(recordAges([100.5, 99.25, undefined, 102], 103_000)).toEqual({
      oldest_ms: 3_750,
      newest_ms: 1_000,
    });
  });

  it('takes a record from the future as one that has just come', () => {
    expect(recordAges([104], 103_000)).toEqual({ oldest_ms: 0, newest_ms: 0 });
  });

  it('tells nothing where no record has a time', () => {
    expect(recordAges([], 103_000)).toBeUndefined();
    expect(recordAges([undefined], 103_000)).toBeUndefined();
  });
});
