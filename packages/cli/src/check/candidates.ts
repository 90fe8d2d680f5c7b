import { type Contribution, type Decimal, formatDecimal, negate } from '@oncefold/reducer';
import { MESSAGE_COUNT, type Trade } from '@oncefold/trades';

/** A trade whose own value is exactly the difference of a sum. */
export interface Candidate {
  readonly tradeId: string;
  readonly version: number;
  readonly value: string;
  /** What would explain the difference: its insert was lost, or counted twice. */
  readonly suspicion: 'lost' | 'counted twice';
  /** The sums whose difference it explains. */
  readonly keys: readonly string[];
  /** Whether it explains the difference of every sum that it is in. */
  readonly isWhole: boolean;
}

/** So many are enough to begin with, and a round value may be that of thousands. */
const CANDIDATES_PER_KEY_MAX = 20;

/** Looks for {@link Candidate}s while trades are read; it keeps a bounded number of them. */
export interface CandidateFinder {
  look(trade: Trade, contribution: Contribution): void;
  /** Those that explain all of their sums first. */
  candidates(): readonly Candidate[];
}

/** Makes a finder for the differences of sums, by key. */
export function createCandidateFinder(differences: ReadonlyMap<string, Decimal>): CandidateFinder {
  const found: Candidate[] = [];
  const counts = new Map<string, number>();
  return {
    look(trade, contribution) {
      for (const suspicion of ['lost', 'counted twice'] as const) {
        const nodes = [...contribution].filter(([key, value]) => key !== MESSAGE_COUNT && value !== 0n);
        const keys = nodes
          .filter(([key, value]) => differences.get(key) === (suspicion === 'lost' ? negate(value) : value))
          .map(([key]) => key);
        const isWhole = keys.length === nodes.length;
        // Trades that explain a part of their sums must not keep out those that explain all of them.
        const counted = keys.map((key) => `${isWhole}:${key}`);
        if (counted.some((name) => (counts.get(name) ?? 0) < CANDIDATES_PER_KEY_MAX)) {
          for (const name of counted) {
            counts.set(name, (counts.get(name) ?? 0) + 1);
          }
          const { tradeId, version, value } = trade;
          found.push({ tradeId, version, value: formatDecimal(value), suspicion, keys, isWhole });
        }
      }
    },
    candidates: () => found.toSorted((a, b) => Number(b.isWhole) - Number(a.isWhole)),
  };
}
