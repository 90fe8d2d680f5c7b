import * as Plot from '@observablehq/plot';
import type { StrategyCode } from '@oncefold/commit';
import type { ChartOptions } from './draw-chart.ts';

/** A figure of one strategy at one batch size. */
export interface StrategyFigure {
  readonly batchSize: number;
  readonly strategy: StrategyCode;
}

/** Options that all charts with a row for each strategy share, so that rows of adjacent charts align. */
export type GroupLayout = Omit<ChartOptions, 'labelledBy' | 'marks'> & {
  /** Titles of the groups. */
  readonly marks: readonly Plot.Markish[];
};

const width = 352;
const rowHeight = 19;
const titleHeight = 28;
const axisHeight = 22;

/** Lays out a group of rows for each batch size, with a row for each strategy. */
export function layoutGroups(figures: readonly StrategyFigure[]): GroupLayout {
  const sizes = [...new Set(figures.map(({ batchSize }) => batchSize))];
  const strategies = [...new Set(figures.map(({ strategy }) => strategy))];
  const groupHeight = titleHeight + strategies.length * rowHeight;
  return {
    width,
    height: sizes.length * groupHeight + axisHeight,
    marginLeft: 100,
    marginTop: 0,
    // Also in charts without an axis below, so that rows of adjacent charts align.
    marginBottom: axisHeight,
    // The first row holds the title of the group.
    y: { type: 'band', domain: ['', ...strategies], label: null, padding: 0, tickSize: 0 },
    fy: { domain: sizes, axis: null, padding: 0, paddingOuter: 0 },
    marks: [
      Plot.text(sizes, {
        fy: (size: number) => size,
        y: () => '',
        frameAnchor: 'left',
        dx: -100,
        dy: 1,
        text: (size: number) => titleOf(size),
        textAnchor: 'start',
        fill: 'var(--ink)',
        fontWeight: 600,
        stroke: 'var(--paper)',
        strokeWidth: 5,
      }),
    ],
  };
}

function titleOf(batchSize: number): string {
  return batchSize === 1 ? 'one record per batch' : `${batchSize.toLocaleString('en-US')} records per batch`;
}
