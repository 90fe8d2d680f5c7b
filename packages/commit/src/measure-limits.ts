import {
  addDecimals,
  type Decimal,
  formatDecimal,
  type Measures,
  negate,
  toDecimal,
  zero,
} from '@oncefold/reducer';
import { StrategyError } from './errors.ts';
import type { Condition } from './transaction-port.ts';
import { ownValue } from './value-types.ts';

/** Bounds of one measure; a missing item counts as 0. */
export interface Limit {
  /** Least value after a commit: a safe integer, or exact text. */
  readonly min?: number | string;
  /** Greatest value after a commit. */
  readonly max?: number | string;
}

/** One limit, in decimals. */
export interface Bounds {
  readonly attribute: string;
  readonly min: Decimal | undefined;
  readonly max: Decimal | undefined;
}

/**
 * Reads the limits of a table.
 *
 * @throws {@link StrategyError} when one is of no measure, or no limit
 */
export function readLimits(
  limits: Readonly<Record<string, Limit | undefined>>,
  measures: readonly string[],
): readonly Bounds[] {
  return Object.entries(limits).map(([attribute, limit = {}]) => {
    if (!measures.includes(attribute)) {
      throw new StrategyError(`aggregateTable: limits has ${attribute}, which is none of the measures`);
    }
    const { min, max, ...unknown } = limit;
    const [other] = Object.keys(unknown);
    if (other !== undefined) {
      throw new StrategyError(`aggregateTable: limits.${attribute} has min and max, and no ${other}`);
    }
    if (min === undefined && max === undefined) {
      throw new StrategyError(`aggregateTable: limits.${attribute} must have min, max or both`);
    }
    const bounds = { attribute, min: boundOf(min), max: boundOf(max) };
    if (bounds.min !== undefined && bounds.max !== undefined && bounds.min > bounds.max) {
      throw new StrategyError(`aggregateTable: limits.${attribute} has a min above its max`);
    }
    return bounds;
  });
}

function boundOf(bound: number | string | undefined): Decimal | undefined {
  return bound === undefined ? undefined : toDecimal(bound);
}

/** What must hold before a sum is added, so that the limits hold after; undefined: nothing. */
export function conditionOfLimits(sum: Measures, limits: readonly Bounds[]): Condition | undefined {
  const conditions = limits.flatMap(({ attribute, min, max }): Condition[] => {
    const by = ownValue(sum, attribute) ?? zero;
    if (by < 0n && min !== undefined) {
      return [comparedTo(attribute, '>=', addDecimals(min, negate(by)))];
    }
    return by > 0n && max !== undefined ? [comparedTo(attribute, '<=', addDecimals(max, negate(by)))] : [];
  });
  return conditions.length > 1 ? { all: conditions } : conditions[0];
}

/** What is absent counts as 0. */
function comparedTo(attribute: string, is: '>=' | '<=', bound: Decimal): Condition {
  const comparison: Condition = { attribute, is, value: { N: formatDecimal(bound) } };
  const mayBeAbsent = is === '>=' ? bound <= 0n : bound >= 0n;
  return mayBeAbsent ? { any: [{ attribute, is: 'absent' }, comparison] } : comparison;
}
