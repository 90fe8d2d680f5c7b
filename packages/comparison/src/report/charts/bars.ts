import * as Plot from '@observablehq/plot';
import { drawChart } from './draw-chart.ts';
import { layoutGroups, type StrategyFigure } from './strategy-groups.ts';

export interface Bar extends StrategyFigure {
  readonly value: number;
  /** The value of the strategy `none`; absent if it was not measured. */
  readonly unguarded: number | undefined;
  readonly label: string;
}

/**
 * Draws bars by batch size and strategy; the part that the guard adds has its own colour.
 *
 * Each batch size has its own scale, because one takes up to thousands of times as much as another; every bar is labelled.
 */
export function drawBars(bars: readonly Bar[], labelledBy: string): string {
  const layout = layoutGroups(bars);
  const parts = bars.map((bar) => {
    const group = bars.filter(({ batchSize }) => batchSize === bar.batchSize);
    // Avoids a division by zero.
    const largest = Math.max(...group.map(({ value }) => value)) || 1;
    const effect = Math.min(bar.value, bar.unguarded ?? bar.value);
    return { ...bar, effect: effect / largest, whole: bar.value / largest };
  });
  const row = { fy: 'batchSize', y: 'strategy', insetTop: 3, insetBottom: 3 };
  const guarded = parts.filter(({ effect, whole }) => whole > effect);
  return drawChart({
    ...layout,
    labelledBy,
    marginRight: 56,
    x: { domain: [0, 1], axis: null },
    marks: [
      ...layout.marks,
      Plot.barX(parts, { ...row, x1: 0, x2: 'effect', fill: 'var(--effect)' }),
      Plot.barX(guarded, { ...row, x1: 'effect', x2: 'whole', fill: 'var(--guard)' }),
      Plot.text(parts, {
        fy: 'batchSize',
        y: 'strategy',
        x: 'whole',
        text: 'label',
        textAnchor: 'start',
        dx: 5,
        fill: 'var(--ink)',
        fontVariant: 'tabular-nums',
      }),
    ],
  });
}
