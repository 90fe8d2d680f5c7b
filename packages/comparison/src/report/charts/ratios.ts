import * as Plot from '@observablehq/plot';
import { drawChart } from './draw-chart.ts';
import { layoutGroups, type StrategyFigure } from './strategy-groups.ts';

export interface Ratio extends StrategyFigure {
  /** Above 0; 1 means no difference. */
  readonly ratio: number;
  readonly label: string;
}

/** Draws ratios by batch size and strategy; where they are far apart, on a logarithmic scale. */
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

/** Ticks of a logarithmic scale. */
function powersOfTwo(low: number, high: number): readonly number[] {
  const first = Math.ceil(Math.log2(low));
  const count = Math.floor(Math.log2(high)) - first + 1;
  // More than five ticks would overlap.
  const step = Math.ceil(count / 5);
  return Array.from({ length: count }, (_, index) => first + index)
    .filter((exponent) => exponent % step === 0)
    .map((exponent) => 2 ** exponent);
}
