import { describe, expect, it } from 'vitest';
import { addTallies, emptyTally, tallyOf } from './tally.ts';
import type { Tally } from './worker-messages.ts';

/** What twelve histories from `seed` on came to, each of which lost a record; every third tore a parent, too. */
function tallyFrom(seed: number): Tally {
  const violating = Array.from({ length: 12 }, (_, index) => ({
    seed: seed + index,
    violations: (index % 3 === 0 ? (['lost', 'lost', 'torn'] as const) : (['lost'] as const)).map((kind) => ({
      kind,
      text: `seed ${seed + index}`,
      records: [],
      event: 0,
    })),
  }));
  return tallyOf({
    histories: 20,
    events: 300,
    records: 40,
    faults: { stall: 2, regrouped: 1 },
    met: { invoke: 20 },
    violating,
  });
}

describe('tallyOf', () => {
  it('counts all violating seeds and keeps the first ten', () => {
    const { violating } = tallyFrom(100);
    expect(violating.count).toBe(12);
    expect(violating.first.map(({ seed }) => seed)).toEqual([
      100, 101, 102, 103, 104, 105, 106, 107, 108, 109,
    ]);
  });

  it('counts a history once for each kind of its violations', () => {
    expect(tallyFrom(100).violating.kinds).toEqual({ lost: 12, torn: 4 });
  });
});

describe('addTallies', () => {
  it('adds up everything, and keeps the lowest seeds whichever comes first', () => {
    const sum = addTallies(tallyFrom(106), tallyFrom(100));
    expect(sum).toMatchObject({
      histories: 40,
      events: 600,
      records: 80,
      faults: { stall: 4, regrouped: 2 },
      met: { invoke: 40 },
      violating: { count: 24, kinds: { lost: 24, torn: 8 } },
    });
    expect(sum.violating.first.map(({ seed }) => seed)).toEqual([
      100, 101, 102, 103, 104, 105, 106, 106, 107, 107,
    ]);
    expect(addTallies(tallyFrom(100), tallyFrom(106)).violating.kinds).toEqual(sum.violating.kinds);
  });

  it('changes nothing by adding nothing', () => {
    expect(addTallies(emptyTally, tallyFrom(3))).toEqual(tallyFrom(3));
  });
});
