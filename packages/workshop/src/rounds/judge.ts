import {
  addDecimals,
  type Contribution,
  type Decimal,
  formatDecimal,
  negate,
  parseSum,
  zero,
} from '@oncefold/reducer';
import { MESSAGE_COUNT } from '@oncefold/trades';
import type { Round } from './round.ts';

export const POINTS_PER_PERFECT_ROUND = 100;

/** The row that counts changes; no node can have its name. */

/** One row that did not grow as it had to. Decimals are canonical text. */
export interface Finding {
  readonly key: string;
  /** What it had to grow by; of `message_count` the bound that it missed. */
  readonly expected: string;
  /** What it grew by. */
  readonly actual: string;
  /** Actual minus expected. */
  readonly difference: string;
  /** It grew by too little, by too much, or although no message of the round is about it. */
  readonly cause: 'lost' | 'duplicated' | 'unexpected';
}

/** What a comparison found. */
export interface Judgement {
  /** How many rows were compared. */
  readonly rows: number;
  /** The wrong rows in the order of their keys; none when the round is perfect. */
  readonly findings: readonly Finding[];
}

/**
 * Compares the growth of every row with what the round had to bring, exactly.
 *
 * A row that is missing is zero. Values of the workshop's load are not negative, so that too little means that
 * something was lost and too much that something was counted twice.
 */
export function judge(round: Pick<Round, 'growth' | 'applied' | 'before'>, after: Contribution): Judgement {
  const { growth, before, applied } = round;
  const keys = new Set([...growth.keys(), ...before.keys(), ...after.keys(), MESSAGE_COUNT]);
  const findings: Finding[] = [];
  for (const key of [...keys].sort()) {
    const actual = minus(after.get(key) ?? zero, before.get(key) ?? zero);
    const expected = key === MESSAGE_COUNT ? nearest(actual, applied) : (growth.get(key) ?? zero);
    const difference = minus(actual, expected);
    if (difference === zero) {
      continue;
    }
    const isKnown = key === MESSAGE_COUNT || growth.has(key);
    findings.push({
      key,
      expected: formatDecimal(expected),
      actual: formatDecimal(actual),
      difference: formatDecimal(difference),
      cause: isKnown ? (difference < zero ? 'lost' : 'duplicated') : 'unexpected',
    });
  }
  return { rows: keys.size, findings };
}

/** The count itself where the order of arrival allows it, else the bound that it missed. */
function nearest(actual: Decimal, applied: Round['applied']): Decimal {
  const least = parseSum(String(applied.least));
  const most = parseSum(String(applied.most));
  return actual < least ? least : actual > most ? most : actual;
}

function minus(left: Decimal, right: Decimal): Decimal {
  return addDecimals(left, negate(right));
}
