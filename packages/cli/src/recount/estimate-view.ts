import { formatCount, formatCounted } from '@oncefold/comparison/format-number';
import type { Palette } from '../terminal/palette.ts';
import type { Estimate } from './estimate-recount.ts';

/** Trades that a recount moves, by the dimensions that they go to. */
export interface Moves {
  readonly trades: number;
  readonly dimensions: readonly string[];
}

/** Says what a recount is going to write and read, before it does. */
export function estimateView(
  estimate: Estimate,
  options: {
    readonly table: string;
    readonly rate: number;
    readonly palette: Palette;
    readonly moves?: Moves | undefined;
  },
): string {
  const { trades, isCounted, marks, writeUnits, readUnits, dollars, seconds } = estimate;
  const { table, rate, palette, moves } = options;
  const about = isCounted ? '' : 'about ';
  const source = isCounted ? 'counted now' : 'as DynamoDB last counted them';
  const lines: readonly (readonly [string, string])[] = [
    ['trades', `${about}${formatCounted(trades, 'item')} of ${table}, ${source}`],
    ['marks', `about ${formatCount(marks)}: so many writes to ${table}, ${effectOf(moves)}`],
    [
      'units',
      `about ${formatCount(writeUnits)} write and ${formatCount(readUnits)} read request units: ${formatDollars(dollars)} at the prices of docs/costs.md`,
    ],
    [
      'time',
      seconds === undefined
        ? 'as fast as the table takes the marks (--rate 0)'
        : `about ${formatTime(seconds)} at ${formatCount(rate)} marks a second (--rate), and the time that map and reduce take`,
    ],
  ];
  return lines.map(([name, text]) => `  ${palette.faint(name.padEnd(7))} ${text}`).join('\n');
}

function effectOf(moves: Moves | undefined): string {
  return moves === undefined || moves.trades === 0
    ? 'which change no value'
    : `of which ${formatCounted(moves.trades, 'moves', 'move')} a trade to ${moves.dimensions.join(',')} and the others change no value`;
}

/** Says which trades a recount moves, and what becomes of the others. */
export function movesView({ trades, dimensions }: Moves): string {
  const to = dimensions.join(',');
  return `${formatCounted(trades, 'trade')} will be moved to ${to}; trades that are new or change from now on follow the deployment (HierarchyDimensions), whatever that is`;
}

/** Puts an estimate into a form for programs. */
export function estimateToJson(estimate: Estimate): unknown {
  const { dollars, seconds, ...counts } = estimate;
  return { ...counts, dollars: Number(dollars.toFixed(6)), seconds: seconds ?? null };
}

/** Seconds as somebody would say them. */
export function formatTime(seconds: number): string {
  if (seconds < 100) {
    return `${Math.ceil(seconds)} s`;
  }
  return seconds < 6_000 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

function formatDollars(dollars: number): string {
  return dollars < 0.01 ? 'less than 1 cent' : `$${dollars.toFixed(2)}`;
}
