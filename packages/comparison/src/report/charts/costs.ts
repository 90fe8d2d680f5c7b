import * as Plot from '@observablehq/plot';
import type { StrategyCode } from '@oncefold/commit';
import { formatDollars } from '../figures.ts';
import { drawChart } from './draw-chart.ts';
import { spreadLabels } from './spread-labels.ts';

/** The cost of a million records in batches of one size. */
export interface CostPoint {
  readonly strategy: StrategyCode;
  readonly batchSize: number;
  readonly dollars: number;
}

/** `narrow` is for phones. */
export type ChartSize = 'narrow' | 'wide';

const rooms: Readonly<Record<ChartSize, { readonly width: number; readonly height: number }>> = {
  narrow: { width: 352, height: 300 },
  wide: { width: 540, height: 340 },
};

/** Shapes distinguish the lines where colours do not. */
const symbols: Readonly<Record<StrategyCode, Plot.SymbolType>> = {
  none: 'circle',
  'request-token': 'times',
  powertools: 'triangle',
  ledger: 'square',
  checkpoint: 'diamond',
};

const lineHeight = 15;
const margin = { top: 14, right: 104, bottom: 40, left: 58 };

/** Draws cost over batch size, a line for each strategy, on logarithmic axes; zeros are left out. */
export function drawCosts(points: readonly CostPoint[], size: ChartSize, labelledBy: string): string {
  const { width, height } = rooms[size];
  const shown = points.filter(({ dollars }) => dollars > 0);
  const sizes = [...new Set(shown.map(({ batchSize }) => batchSize))].sort((a, b) => a - b);
  const [low, high] = limits(shown.map(({ dollars }) => dollars));
  const pixelsPerUnit = (height - margin.top - margin.bottom) / (Math.log(high) - Math.log(low));
  const labels = labelLines(shown, lineHeight / pixelsPerUnit);
  const stroke = (point: CostPoint): string => `var(--series-${point.strategy})`;
  return drawChart({
    labelledBy,
    width,
    height,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: {
      type: 'log',
      domain:
        sizes.length === 1 ? [sizes[0] ?? 1, (sizes[0] ?? 1) * 1.01] : [sizes[0] ?? 1, sizes.at(-1) ?? 1],
      ticks: sizes,
      tickFormat: (value: number) => value.toLocaleString('en-US'),
      label: 'records per batch',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickSize: 4,
    },
    y: {
      type: 'log',
      domain: [low, high],
      label: null,
      ticks: decades(low, high),
      tickFormat: formatDecade,
      tickSize: 0,
      grid: true,
    },
    marks: [
      Plot.gridY({ ticks: decades(low, high), stroke: 'var(--line)', strokeOpacity: 1 }),
      Plot.line(shown, { x: 'batchSize', y: 'dollars', z: 'strategy', stroke, strokeWidth: 1.75 }),
      Plot.dot(shown, {
        x: 'batchSize',
        y: 'dollars',
        symbol: (point: CostPoint) => symbols[point.strategy],
        stroke,
        fill: 'var(--paper)',
        r: 4,
        strokeWidth: 1.75,
        title: ({ strategy, batchSize, dollars }: CostPoint) =>
          `${strategy}, ${batchSize.toLocaleString('en-US')} records per batch: ${formatDollars(dollars)}`,
      }),
      Plot.text(labels, {
        x: () => sizes.at(-1) ?? 1,
        y: 'place',
        text: 'text',
        fill: 'color',
        textAnchor: 'start',
        dx: 10,
      }),
    ],
  });
}

/** Labels at the ends of the lines, spread so that none covers another. */
function labelLines(
  points: readonly CostPoint[],
  distance: number,
): readonly { readonly place: number; readonly text: string; readonly color: string }[] {
  const ends = new Map<StrategyCode, CostPoint>();
  for (const point of points) {
    const end = ends.get(point.strategy);
    if (end === undefined || end.batchSize < point.batchSize) {
      ends.set(point.strategy, point);
    }
  }
  const sorted = [...ends.values()].sort((a, b) => b.dollars - a.dollars);
  const places = spreadLabels(
    sorted.map(({ dollars }) => Math.log(dollars)),
    distance,
  );
  return sorted.map(({ strategy }, index) => ({
    place: Math.exp(places[index] ?? 0),
    text: strategy,
    color: `var(--series-${strategy})`,
  }));
}

/** Powers of ten around the values. */
function limits(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) {
    return [0.1, 10];
  }
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  return [low, high > low ? high : low * 10];
}

function decades(low: number, high: number): readonly number[] {
  const first = Math.round(Math.log10(low));
  const count = Math.round(Math.log10(high)) - first + 1;
  return Array.from({ length: count }, (_, index) => 10 ** (first + index));
}

function formatDecade(dollars: number): string {
  return dollars < 1
    ? `$${dollars.toFixed(Math.max(2, -Math.log10(dollars)))}`
    : `$${dollars.toLocaleString('en-US')}`;
}
