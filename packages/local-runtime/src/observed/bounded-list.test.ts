import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { BoundedList } from './bounded-list.ts';

describe('BoundedList', () => {
  it('keeps the newest, up to a number of values', () => {
    const list = new BoundedList<number>({ values: 3, characters: 100 });
    for (let value = 1; value <= 20; value += 1) {
      list.add(value, 1);
    }
    expect(list.values()).toEqual([18, 19, 20]);
  });

  it('keeps the newest, up to a number of characters, and always the last', () => {
    const list = new BoundedList<string>({ values: 10, characters: 5 });
    for (const value of ['aa', 'bb', 'c']) {
      list.add(value, value.length);
    }
    expect(list.values()).toEqual(['aa', 'bb', 'c']);
    list.add('ddd', 3);
    expect(list.values()).toEqual(['c', 'ddd']);
    list.add('much too long', 13);
    expect(list.values()).toEqual(['much too long']);
  });

  it('holds nothing of what it has dropped', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    const list = new BoundedList<{ readonly text: string }>({ values: 10_000, characters: 5 });
    const addOne = (): WeakRef<object> => {
      const value = { text: 'large' };
      list.add(value, value.text.length);
      return new WeakRef(value);
    };
    const dropped = Array.from({ length: 20 }, addOne).slice(0, -1);
    // A weak reference keeps its target until the turn ends in which it was made.
    await setImmediate();
    collectGarbage();
    expect(dropped.filter((each) => each.deref() !== undefined)).toEqual([]);
    expect(list.values()).toEqual([{ text: 'large' }]);
  });
});
