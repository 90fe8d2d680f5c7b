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
  readonly cause: 'missing' | 'duplicated' | 'unexpected';
}

/** What a row lacked when the round began, and how much of that came since. Decimals are canonical text. */
export interface Arrear {
  readonly key: string;
  readonly owed: string;
  readonly arrived: string;
}

/** What a comparison found. */
export interface Judgement {
  /** How many rows were compared. */
  readonly rows: number;
  /** The wrong rows in the order of their keys; none when the round is perfect. */
  readonly findings: readonly Finding[];
  /** Rows that lacked something of the round before; what of it came is no growth of this round. */
  readonly arrears: readonly Arrear[];
}

/**
 * Compares the growth of every row with what the round had to bring, exactly.
 *
 * A row that is missing is zero. Values of the workshop's load are not negative, so that too little means that
 * something is not there, late or lost, and too much that something was counted twice, or came late from the round before.
 *
 * @param owed - what each row lacked of earlier rounds when this one began; see {@link owedBy}
 */
export function judge(
  round: Pick<Round, 'growth' | 'applied' | 'before'>,
  after: Contribution,
  owed: Contribution = new Map(),
): Judgement {
  const { growth, before, applied } = round;
  const keys = new Set([...growth.keys(), ...before.keys(), ...after.keys(), ...owed.keys(), MESSAGE_COUNT]);
  const findings: Finding[] = [];
  const arrears: Arrear[] = [];
  for (const key of [...keys].sort()) {
    const actual = minus(after.get(key) ?? zero, before.get(key) ?? zero);
    const expected = key === MESSAGE_COUNT ? nearest(actual, applied) : (growth.get(key) ?? zero);
    const difference = minus(actual, expected);
    const lacked = owed.get(key) ?? zero;
    if (lacked > zero && difference >= zero && difference <= lacked) {
      // Within the bounds of the count nobody knows whose a change is.
      if (difference > zero || key !== MESSAGE_COUNT) {
        arrears.push({ key, owed: formatDecimal(lacked), arrived: formatDecimal(difference) });
      }
    } else if (difference !== zero) {
      const isKnown = key === MESSAGE_COUNT || growth.has(key);
      findings.push({
        key,
        expected: formatDecimal(expected),
        actual: formatDecimal(actual),
        difference: formatDecimal(difference),
        cause: isKnown ? (difference < zero ? 'missing' : 'duplicated') : 'unexpected',
      });
    }
  }
  return { rows: keys.size, findings, arrears };
}

/**
 * Says what each row still lacked of a round when the next one began. What it had too much of, it does not owe.
 *
 * @param next - the sums before the first message of the round that followed
 */
export function owedBy(
  round: Pick<Round, 'growth' | 'applied' | 'before'>,
  next: Pick<Round, 'before'>,
): Contribution {
  const owed = new Map<string, Decimal>();
  for (const { key, difference, cause } of judge(round, next.before).findings) {
    if (cause === 'missing') {
      owed.set(key, negate(parseSum(difference)));
    }
  }
  const count = owed.get(MESSAGE_COUNT);
  if (count !== undefined) {
    // It lacks the least; what comes may be the most.
    const spread = minus(parseSum(String(round.applied.most)), parseSum(String(round.applied.least)));
    owed.set(MESSAGE_COUNT, addDecimals(count, spread));
  }
  return owed;
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
