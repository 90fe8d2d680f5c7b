import { formatDecimal, negate, parseSum, zero } from '@oncefold/reducer';
import type { Difference } from './comparison-report.ts';

const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** How much of a stage's total is wrong, in steps of ten. */
export type Severity = 1 | 2 | 3 | 4;

/** What the steps of {@link Severity} stand for. */
export const severities: readonly { readonly severity: Severity; readonly label: string }[] = [
  { severity: 1, label: 'below 0.1 %' },
  { severity: 2, label: 'below 1 %' },
  { severity: 3, label: 'below 10 %' },
  { severity: 4, label: '10 % and more' },
];

/**
 * Writes an amount with three significant digits, for a narrow cell.
 *
 * @param amount - a decimal
 * @returns such as `5.02M`, `61.5K`, `0.01` or `1e-12`; `0` for nothing else than zero.
 */
export function shortenAmount(amount: string): string {
  const value = Number(amount);
  const size = Math.abs(value);
  const text = size > 0 && size < 0.001 ? value.toExponential(0) : short.format(value);
  return text.replace(/^-/, '−');
}

/**
 * Writes an amount with every digit.
 *
 * @param amount - a decimal
 * @returns with a comma between thousands and a true minus sign; never through a float
 */
export function groupDigits(amount: string): string {
  const [whole = '', fraction] = amount.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',').replace('-', '−');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/**
 * Writes an amount with every digit and its sign.
 *
 * @param amount - a decimal
 * @returns as {@link groupDigits}, with a plus sign where it is above zero
 */
export function signAmount(amount: string): string {
  return parseSum(amount) > zero ? `+${groupDigits(amount)}` : groupDigits(amount);
}

/**
 * Tells whether an amount is zero, however it is written.
 *
 * @param amount - a decimal
 * @returns whether nothing was lost or duplicated
 */
export function isZero(amount: string): boolean {
  return parseSum(amount) === zero;
}

/**
 * Sets what is wrong in relation to what the input adds up to.
 *
 * @param difference - what is wrong
 * @param total - what the leaves of the hierarchy add up to
 * @returns lost and duplicated together as a share, from 0; infinite where the total is zero. For looking at only.
 */
export function shareWrong({ duplicated, lost }: Difference, total: string): number {
  const wrong = Number(duplicated) + Number(lost);
  return wrong === 0 ? 0 : wrong / Math.abs(Number(total));
}

/**
 * Grades a share.
 *
 * @param share - from {@link shareWrong}
 * @returns the step, from 1
 */
export function gradeShare(share: number): Severity {
  if (share < 0.001) {
    return 1;
  }
  if (share < 0.01) {
    return 2;
  }
  return share < 0.1 ? 3 : 4;
}

/**
 * Writes a share for reading.
 *
 * @param share - from {@link shareWrong}
 * @returns in per cent with two significant digits, such as `2.4 %`; empty where there is no share to speak of
 */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) {
    return '';
  }
  if (share > 0 && share < 0.0001) {
    return '< 0.01 %';
  }
  return `${Number((share * 100).toPrecision(2)).toLocaleString('en-US')} %`;
}

/**
 * Turns an amount that is given without a sign into what it takes away.
 *
 * @param lost - a decimal from 0
 * @returns the canonical text of the same with a minus sign
 */
export function asLoss(lost: string): string {
  return formatDecimal(negate(parseSum(lost)));
}
