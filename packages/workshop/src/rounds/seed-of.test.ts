import { describe, expect, it } from 'vitest';
import { createWorkload } from '../load/create-workload.ts';
import { seedOf } from './seed-of.ts';

describe('seedOf', () => {
  it('gives each time of a schedule a seed of its own, and the same time the same', () => {
    expect(seedOf('2026-01-01T00:00:00.000Z')).toBe(1_767_225_600);
    expect(seedOf('2026-01-01T00:01:00Z')).toBe(1_767_225_660);
  });

  it('gives any other name a seed, and the same name the same', () => {
    const seed = seedOf('0b7ff4b4-8f5e-4a63-8d0e-3a1f6a3f4a55');
    expect(seed).toBe(seedOf('0b7ff4b4-8f5e-4a63-8d0e-3a1f6a3f4a55'));
    expect(seed).not.toBe(seedOf('other'));
    expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
  });

  it('lets no two rounds of a day share a trade', () => {
    const start = seedOf('2026-01-01T00:00:00Z');
    const trades = new Set<string>();
    let claimed = 0;
    for (let minute = 0; minute < 1_440; minute += 1) {
      const { calls } = createWorkload({ messages: 40, seed: start + minute * 60, startMilliseconds: 0 });
      const own = new Set(
        calls.flatMap(({ messages }) =>
          messages.flatMap((message) => (message.kind === 'invalid' ? [] : [message.claim.tradeId])),
        ),
      );
      claimed += own.size;
      for (const trade of own) {
        trades.add(trade);
      }
    }
    expect(trades.size).toBe(claimed);
  });
});
