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
 * @param ratios - By batch size, then strategy.
 * @param labelledBy - The id of the element that says what the chart shows.
 * @returns SVG that takes its colours from the page.
 */
export function drawRatios(ratios: readonly Ratio[], labelledBy: string): string {
  const layout = layoutGroups(ratios, true);
  const values = ratios.map(({ ratio }) => ratio);
  const low = Math.min(0.9, ...values);
  const high = Math.max(1.5, ...values);
  const row = { fy: 'batchSize', y: 'strategy' };
  return drawChart({
    ...layout,
    labelledBy,
    marginRight: 56,
    x: {
      type: high / low > 4 ? 'log' : 'linear',
      domain: [low, high],
      label: null,
      ticks: 4,
      tickFormat: (value: number) => `${value}×`,
      tickSize: 0,
    },
    marks: [
      ...layout.marks,
      Plot.ruleX([1], { stroke: 'var(--muted)', strokeDasharray: '2 3' }),
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
