import * as Plot from '@observablehq/plot';
import { drawChart } from './draw-chart.ts';
import { layoutGroups, type StrategyFigure } from './strategy-groups.ts';

/** One point. */
export interface Ratio extends StrategyFigure {
  /** Above 0; 1 is as much as the strategy that is compared with. */
  readonly ratio: number;
  /** Written beside it. */
  readonly label: string;
}

/**
 * Draws how many times as much something is, a group for each batch size.
 *
 * The scale is logarithmic where the ratios are far apart, so that twice and half are equally far from one.
 *
 * @param ratios - by batch size, then strategy
 * @param labelledBy - the id of the element that says what the chart shows
 * @returns SVG that takes its colours from the page
 */
export function drawRatios(ratios: readonly Ratio[], labelledBy: string): string {
  const layout = layoutGroups(ratios);
  const values = ratios.map(({ ratio }) => ratio);
  const low = Math.min(0.9, ...values);
  const high = Math.max(1.5, ...values);
  const isWide = high / low > 4;
  const row = { fy: 'batchSize', y: 'strategy' };
  return drawChart({
    ...layout,
    labelledBy,
    marginRight: 56,
    x: {
      type: isWide ? 'log' : 'linear',
      domain: [low, high],
      label: null,
      ticks: isWide ? powersOfTwo(low, high) : 4,
      tickFormat: (value: number) => `${value}×`,
      tickSize: 0,
    },
    marks: [
      Plot.ruleX([1], { stroke: 'var(--muted)', strokeDasharray: '2 3' }),
      ...layout.marks,
      Plot.ruleY(ratios, { ...row, x1: 1, x2: 'ratio', stroke: 'var(--guard)', strokeWidth: 2 }),
      Plot.dot(ratios, { ...row, x: 'ratio', r: 4, fill: 'var(--guard)' }),
      Plot.text(ratios, {
        ...row,
        x: (point: Ratio) => Math.max(1, point.ratio),
        text: 'label',
        textAnchor: 'start',
        dx: 9,
        fill: 'var(--ink)',
        fontVariant: 'tabular-nums',
      }),
    ],
  });
}

/** Ticks of a logarithmic scale on which twice and half are equally far from one. */
function powersOfTwo(low: number, high: number): readonly number[] {
  const first = Math.ceil(Math.log2(low));
  const count = Math.floor(Math.log2(high)) - first + 1;
  // More than a handful would run into each other.
  const step = Math.ceil(count / 5);
  return Array.from({ length: count }, (_, index) => first + index)
    .filter((exponent) => exponent % step === 0)
    .map((exponent) => 2 ** exponent);
}
