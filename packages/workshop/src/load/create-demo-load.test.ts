import { describe, expect, it } from 'vitest';
import { createDemoLoad } from './create-demo-load.ts';

describe('createDemoLoad', () => {
  it('makes the same bytes for the same seed, and the nodes of the workshop', () => {
    const dimensions = ['RiskType', 'TradeDesk', 'Region'];
    const [first, second, other] = [1, 1, 2].map((seed) =>
      createDemoLoad({ messages: 1_000, seed, dimensions }),
    );
    expect(first).toEqual(second);
    expect(first).not.toEqual(other);
    expect(first?.truth).toMatchObject({ sent: 1_000, invalid: 2 });
    expect(first?.truth.nodes.size).toBe(18);
  });

  it('fits its trades to what the pipeline sums by', () => {
    const { truth } = createDemoLoad({ messages: 400, seed: 1, dimensions: ['Region', 'Colour'] });
    expect([...truth.nodes.keys()].sort().slice(0, 4)).toEqual([
      'AMER',
      'AMER:Colour 1',
      'AMER:Colour 2',
      'AMER:Colour 3',
    ]);
  });
});
