import { describe, expect, it } from 'vitest';
import { HISTORY_SECONDS, SlidingCount } from './sliding-count.ts';

const START_MS = 1_700_000_000_000;

describe('SlidingCount', () => {
  it('counts by seconds, and leaves the second that runs out of the rate', () => {
    const count = new SlidingCount();
    count.add(START_MS, 10);
    count.add(START_MS + 999, 5);
    count.add(START_MS + 1_000, 30);
    expect(count.perSecond(START_MS + 1_000)).toBe(3);
    expect(count.perSecond(START_MS + 2_000)).toBe(9);
    expect(count.series(START_MS + 2_000).slice(-3)).toEqual([0, 15, 30]);
  });

  it('forgets what is older than its history, however long nothing came', () => {
    const count = new SlidingCount();
    count.add(START_MS, 7);
    const last = START_MS + HISTORY_SECONDS * 1_000;
    expect(count.series(last)).toEqual([7, ...new Array(HISTORY_SECONDS - 1).fill(0)]);
    expect(count.series(last + 1_000)).toEqual(new Array(HISTORY_SECONDS).fill(0));
    count.add(last + 10 ** 9, 1);
    expect(count.series(last + 10 ** 9 + 1_000).at(-1)).toBe(1);
  });

  it('takes a clock that goes back for one that stays', () => {
    const count = new SlidingCount();
    count.add(START_MS, 1);
    count.add(START_MS - 5_000, 1);
    expect(count.series(START_MS + 1_000).at(-1)).toBe(2);
  });
});
