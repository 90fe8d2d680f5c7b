import { type Decimal, formatDecimal } from '@oncefold/reducer';
import type { TradeChange } from './trade-changes.ts';

/** Name of the aggregate that counts changes. */
export const MESSAGE_COUNT = 'message_count';
const ONE = 10n ** 12n;

/** Exact sums by name of the aggregate, in units of 10^-12. */
export class Sums {
  readonly units: Map<string, bigint> = new Map();

  add(name: string, units: bigint): void {
    this.units.set(name, (this.units.get(name) ?? 0n) + units);
  }

  addAll(other: Sums): void {
    for (const [name, units] of other.units) {
      this.add(name, units);
    }
  }

  /** Canonical decimal text by name, in the order in which the names came. */
  format(): Map<string, string> {
    return new Map(Array.from(this.units, ([name, units]) => [name, formatDecimal(units as Decimal)]));
  }
}

/**
 * Adds up what changes come to, with arithmetic of its own: no code is shared with the functions that are judged by it.
 *
 * @param pathOf - puts the segments of a trade, which are in the order of the lab, into the order of the roll-up
 */
export function sumChanges(
  changes: Iterable<TradeChange>,
  pathOf: (path: readonly string[]) => readonly string[],
): Sums {
  const sums = new Sums();
  for (const { before, after } of changes) {
    for (const [claim, sign] of [[before, -1n] as const, [after, 1n] as const]) {
      if (claim === undefined) {
        continue;
      }
      const path = pathOf(claim.path);
      for (let level = 1; level <= path.length; level += 1) {
        sums.add(path.slice(0, level).join(':'), sign * claim.units);
      }
    }
    sums.add(MESSAGE_COUNT, ONE);
  }
  return sums;
}
