import { createSeededDraw } from '@oncefold/local-runtime';
import { labDimensions, type TradeClaim } from '@oncefold/workshop';
import type { TradeChange } from './trade-changes.ts';

/** The deepest hierarchy that is allowed: each change leaves one path of nodes and enters another. */
const LEVELS = 16;
/** All changes share the root, and some share a desk; below that each path has nodes of its own. */
const ROOT = 'PV';
const DESKS = 2;
/** These levels only make the path long. */
const lowerLevels = Array.from({ length: LEVELS - 3 }, (_, at) => String(at + 4));
/** Units of 10^-12 in the smallest amount: a cent. */
const CENT = 10n ** 10n;
const CENTS_MAX = 10_000_000;

/** Names of the levels from the root down, the lab's first. */
export const wideDimensions: readonly string[] = Array.from(
  { length: LEVELS },
  (_, level) => labDimensions[level]?.name ?? `Level${level + 1}`,
);

/**
 * Makes changes that each add to about thirty aggregates: a trade moves from one path to another.
 *
 * Both paths have nodes that no other change has, named after the change: a wrong aggregate names the record that was counted
 * twice or lost.
 */
export function wideChanges(options: { readonly count: number; readonly seed: number }): TradeChange[] {
  const draw = createSeededDraw(options.seed, 'wide changes');
  const amount = (index: number, version: number): bigint =>
    BigInt(1 + draw(`amount:${index}:${version}`, CENTS_MAX)) * CENT;
  const claim = (index: number, version: number): TradeClaim => ({
    tradeId: `trade-${index}`,
    version,
    // The amount grows, so that a record that is counted twice makes the root too large.
    units: amount(index, 0) + (version === 0 ? 0n : amount(index, version)),
    path: [
      ROOT,
      `desk ${1 + draw(`desk:${index}:${version}`, DESKS)}`,
      `trade-${index} version ${version}`,
      ...lowerLevels,
    ],
  });
  return Array.from({ length: options.count }, (_, index) => ({
    before: claim(index, 0),
    after: claim(index, 1),
  }));
}
