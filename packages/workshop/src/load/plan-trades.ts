import type { Random } from './random.ts';
import type { TradeClaim, TradeMessageKind, WorkloadDimension } from './workload.ts';

/** The lab's values are 0 to 100,000 with two decimals. */
const CENTS_MAX = 10_000_000;
const UNITS_PER_CENT = 10n ** 10n;

/** One in so many changes arrives before the version that it replaces. */
const EARLY_CHANGE_EVERY = 4;
/** One in so many older versions arrives before version 1, where it is a conflict and not stale. */
const EARLY_OLDER_VERSION_EVERY = 3;

/** A trade message that is decided but not yet written. */
export interface PlannedTrade {
  readonly kind: TradeMessageKind;
  readonly claim: TradeClaim;
  /** The place in the order in which the trades were made; it gives the timestamp. */
  readonly madeAt: number;
}

/** A trade so far, and the places of its versions in the plan. */
interface Existing {
  readonly tradeId: string;
  readonly base: TradeClaim;
  baseAt: number;
  changeAt: number | undefined;
}

/**
 * Decides the trades of a load, in the order in which they arrive.
 *
 * A share of the messages changes a trade that exists: to version 1 with another value and often other dimensions;
 * and once it is at version 1, version 0 is claimed again with another payload. Version 1 of a trade is claimed once
 * at most, and version 0 twice only where there is a version 1: so the newest version's payload is never in doubt,
 * and the final sums do not depend on the order of arrival.
 *
 * @param options - `count`: how many messages, 0 or more; `changePercent`: the exact share of changes, rounded down
 */
export function planTrades(
  options: { readonly count: number; readonly changePercent: number },
  dimensions: readonly WorkloadDimension[],
  random: Random,
): PlannedTrade[] {
  const plan: PlannedTrade[] = [];
  const trades: Existing[] = [];
  let changesLeft = Math.floor((options.count * options.changePercent) / 100);
  let changes = 0;
  let olderVersions = 0;
  for (let at = 0; at < options.count; at += 1) {
    // Selection sampling (Knuth, volume 2, algorithm S): each place is as likely, and the share comes out exactly.
    const isChange = trades.length > 0 && random.below(options.count - at) < changesLeft;
    if (!isChange) {
      const base: TradeClaim = {
        tradeId: random.uuid(),
        version: 0,
        units: BigInt(random.below(CENTS_MAX + 1)) * UNITS_PER_CENT,
        path: pickPath(dimensions, random),
      };
      plan.push({ kind: 'new', claim: base, madeAt: at });
      trades.push({ tradeId: base.tradeId, base, baseAt: at, changeAt: undefined });
      continue;
    }
    changesLeft -= 1;
    const trade = random.pick(trades);
    const path = random.below(2) === 0 ? trade.base.path : pickPath(dimensions, random);
    const claim = { tradeId: trade.tradeId, units: otherUnits(trade.base.units, random), path };
    if (trade.changeAt === undefined) {
      plan.push({ kind: 'change', claim: { ...claim, version: 1 }, madeAt: at });
      trade.changeAt = at;
      changes += 1;
      if (changes % EARLY_CHANGE_EVERY === 0) {
        swap(plan, trade.baseAt, at);
        trade.changeAt = trade.baseAt;
        trade.baseAt = at;
      }
    } else {
      plan.push({ kind: 'older-version', claim: { ...claim, version: 0 }, madeAt: at });
      olderVersions += 1;
      if (olderVersions % EARLY_OLDER_VERSION_EVERY === 0) {
        swap(plan, trade.changeAt, at);
        trade.changeAt = at;
      }
    }
  }
  return plan;
}

/** Chooses a leaf: one value for each level, each as likely. */
export function pickPath(dimensions: readonly WorkloadDimension[], random: Random): string[] {
  return dimensions.map(({ values }) => random.pick(values));
}

/** Never the value itself, so that a changed trade always has another payload. */
function otherUnits(units: bigint, random: Random): bigint {
  const cents = Number(units / UNITS_PER_CENT);
  return BigInt((cents + 1 + random.below(CENTS_MAX)) % (CENTS_MAX + 1)) * UNITS_PER_CENT;
}

function swap(plan: PlannedTrade[], one: number, other: number): void {
  const [first, second] = [plan[one], plan[other]];
  if (first === undefined || second === undefined) {
    throw new Error('A message to be moved is not in the plan.');
  }
  plan[one] = second;
  plan[other] = first;
}
