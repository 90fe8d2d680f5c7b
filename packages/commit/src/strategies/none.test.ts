import { describe, expect, it } from 'vitest';
import { none } from './none.ts';

describe('none', () => {
  it('gives each group a new name, and guards nothing', () => {
    let name = 0;
    const strategy = none({ newName: () => `name-${name++}` });
    const session = strategy.open({ records: [], source: 'stream' }, { remainingMs: () => 1 });
    expect([session.guard([]), session.guard([])]).toEqual([
      { name: 'name-0', actions: [] },
      { name: 'name-1', actions: [] },
    ]);
    expect(strategy).toMatchObject({ code: 'none', identifiesBy: 'id' });
    expect(strategy.guardSize(100)).toBe(0);
  });
});
