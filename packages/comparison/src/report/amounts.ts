import { parseSum, zero } from '@oncefold/reducer';
import type { Difference } from './comparison-report.ts';

const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** Grades of the share of a stage's total that is wrong, in powers of ten; a share is below the bound of its grade. */
export const severities: readonly { severity: number; bound: number; label: string }[] = [
  { severity: 1, bound: 0.001, label: 'below 0.1 %' },
  { severity: 2, bound: 0.01, label: 'below 1 %' },
  { severity: 3, bound: 0.1, label: 'below 10 %' },
  { severity: 4, bound: Number.POSITIVE_INFINITY, label: '10 % and more' },
];

/** With three significant digits, such as `5.02M`, `61.5K` or `1e-12`; `0` for nothing else than zero. */
export function shortenAmount(amount: string): string {
  const value = Number(amount);
  const size = Math.abs(value);
  const text = size > 0 && size < 0.001 ? value.toExponential(0) : short.format(value);
  return text.replace(/^-/, '−');
}

/** With every digit, commas between thousands and a true minus sign; never through a float. */
export function groupDigits(amount: string): string {
  const [whole = '', fraction] = amount.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',').replace('-', '−');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Like {@link groupDigits}, with a plus sign for what is above zero. */
export function signAmount(amount: string): string {
  return parseSum(amount) > zero ? `+${groupDigits(amount)}` : groupDigits(amount);
}

/** Whether an amount is zero, however it is written. */
export function isZero(amount: string): boolean {
  return parseSum(amount) === zero;
}

/** Lost and duplicated amounts as a share of the input's total, for display only; infinite where the total is zero. */
export function shareWrong({ duplicated, lost }: Difference, total: string): number {
  const wrong = Number(duplicated) + Number(lost);
  return wrong === 0 ? 0 : wrong / Math.abs(Number(total));
}

export function gradeShare(share: number): number {
  return severities.find(({ bound }) => share < bound)?.severity ?? 4;
}

/** In per cent with two significant digits; empty for an infinite share. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) {
    return '';
  }
  if (share > 0 && share < 0.0001) {
    return '< 0.01 %';
  }
  return `${Number((share * 100).toPrecision(2)).toLocaleString('en-US')} %`;
}
