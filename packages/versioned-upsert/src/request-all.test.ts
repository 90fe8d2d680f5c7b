import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../test/support/virtual-clock.ts';
import { startAttempts } from './attempts.ts';
import { chunksOf, mapWithLimit, requestAll } from './request-all.ts';

describe('requestAll', () => {
  const optionsFor = (durationMs: number) => ({
    attempts: startAttempts(createVirtualClock(), durationMs),
    requestsMax: 1,
  });

  it('sends again what is unavailable, and nothing else', async () => {
    const requests: (readonly string[])[] = [];
    const send = async (items: readonly string[]) => {
      requests.push(items);
      return items.map((item) => ({ code: item === 'b' && requests.length < 3 ? 'unavailable' : 'read' }));
    };
    const results = await requestAll(['a', 'b', 'c'], { itemsMax: 2, send }, optionsFor(60_000));
    expect(requests).toEqual([['a', 'b'], ['c'], ['b']]);
    expect([...results]).toEqual(['a', 'b', 'c'].map((item) => [item, { code: 'read' }]));
  });

  it('says unavailable of what is so when the time is over', async () => {
    const send = async (items: readonly string[]) => items.map(() => ({ code: 'unavailable' }));
    const results = await requestAll(['a'], { itemsMax: 2, send }, optionsFor(1_000));
    expect([...results]).toEqual([['a', { code: 'unavailable' }]]);
  });

  it('throws where a request answers for fewer items than it had', async () => {
    const send = async () => [{ code: 'read' }];
    await expect(requestAll(['a', 'b'], { itemsMax: 2, send }, optionsFor(1_000))).rejects.toThrow('shorter');
  });
});

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
