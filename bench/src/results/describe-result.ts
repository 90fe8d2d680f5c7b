import type { FigureResult, Spread } from './result-of.ts';

/** One line for a terminal. */
export function headline(result: FigureResult): string {
  const { name, unit, subject, ofReference } = result;
  const met = result.isMet ? 'met' : 'MISSED';
  return [
    `${name}: ${subject.median} against ${ofReference.median} ${unit}`,
    measured(result),
    `goal ${goalText(result)}: ${met}`,
  ].join(', ');
}

/** What the goal is about, as it was measured, with its spread. */
export function measured({ goal, unit, ...result }: FigureResult): string {
  const spread = result[goal.of];
  return goal.of === 'ratio' ? `${spreadText(spread)} ×` : `${spreadText(spread)} ${unit}`;
}

export function goalText({ goal, unit }: FigureResult): string {
  return goal.of === 'ratio'
    ? `${goal.max} ×`
    : `${goal.max} ${unit}${goal.of === 'difference' ? ' more' : ''}`;
}

function spreadText({ min, median, max }: Spread): string {
  return min === max ? short(median) : `${short(median)} (${short(min)} to ${short(max)})`;
}

/** Three digits that count. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
