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
});
