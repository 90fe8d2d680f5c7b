import { createTradeHierarchy } from '@oncefold/trades';
import { describe, expect, it } from 'vitest';
import { createLoad } from './create-load.ts';

const lab = createTradeHierarchy(['RiskType', 'TradeDesk', 'Region']);

describe('createLoad', () => {
  it('makes the same bytes for the same seed, and the nodes of the workshop', () => {
    const [first, second, other] = [1, 1, 2].map((seed) =>
      createLoad({ messages: 1_000, seed, hierarchy: lab }),
    );
    expect(first).toEqual(second);
    expect(first).not.toEqual(other);
    expect(first?.truth).toMatchObject({ sent: 1_000, invalid: 2 });
    expect(first?.truth.nodes.size).toBe(18);
  });

  it('fits its trades to what the pipeline sums by', () => {
    const hierarchy = createTradeHierarchy(['Region', 'Colour']);
    const { truth } = createLoad({ messages: 400, seed: 1, hierarchy });
    expect([...truth.nodes.keys()].sort().slice(0, 4)).toEqual([
      'AMER',
      'AMER:Colour 1',
      'AMER:Colour 2',
      'AMER:Colour 3',
    ]);
  });
});
