import type { FigureResult, Spread } from './result-of.ts';

/** Significant digits that are shown. */
const DIGITS = 3;
/** Significant digits that results have, by which goals are judged. */
const DIGITS_KEPT = 4;

/** The result as one line for a terminal. */
export function headline(result: FigureResult): string {
  const { name, unit, subject, ofReference } = result;
  const met = result.isMet ? 'met' : 'MISSED';
  return [
    `${name}: ${subject.median} against ${ofReference.median} ${unit}`,
    measured(result),
    `goal ${goalText(result)}: ${met}`,
  ].join(', ');
}

/** What the goal is about, as it was measured, with its spread; the median is shown on the side of the goal on which it is. */
export function measured({ goal, unit, isMet, ...result }: FigureResult): string {
  const spread = result[goal.of];
  const isClear = rounded(spread.median, DIGITS) <= goal.max === isMet;
  const text = spreadText(spread, isClear ? DIGITS : DIGITS_KEPT);
  return goal.of === 'ratio' ? `${text} ×` : `${text} ${unit}`;
}

export function goalText({ goal, unit }: FigureResult): string {
  return goal.of === 'ratio'
    ? `${goal.max} ×`
    : `${goal.max} ${unit}${goal.of === 'difference' ? ' more' : ''}`;
}

function spreadText({ min, median, max }: Spread, digits: number): string {
  const [least, middle, most] = [min, median, max].map((value) => rounded(value, digits));
  return min === max ? `${middle}` : `${middle} (${least} to ${most})`;
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
