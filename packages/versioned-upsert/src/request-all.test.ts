import { describe, expect, it } from 'vitest';
import { chunksOf, mapWithLimit } from './request-all.ts';

describe('mapWithLimit', () => {
  it('keeps the order and never has more calls in flight than the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await mapWithLimit([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return item * 2;
    });
    expect(results).toEqual([2, 4, 6, 8, 10, 12, 14]);
    expect(most).toBe(3);
  });

  it('awaits what is in flight, starts nothing more, and throws the first error', async () => {
    const ended: number[] = [];
    const work = mapWithLimit([1, 2, 3, 4], 2, async (item) => {
      if (item === 1) {
        throw new Error('first');
      }
      await Promise.resolve();
      await Promise.resolve();
      ended.push(item);
    });
    await expect(work).rejects.toThrow('first');
    expect(ended).toEqual([2]);
  });

  it('maps nothing to nothing', async () => {
    expect(await mapWithLimit([], 3, async () => 1)).toEqual([]);
  });
});

describe('chunksOf', () => {
  it('cuts into full pieces and a rest', () => {
    expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunksOf([], 2)).toEqual([]);
  });
});
