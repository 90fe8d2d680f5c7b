import type { Cell, ComparisonProgress } from '@oncefold/comparison';
import type { Palette } from '../terminal/palette.ts';

/** Widths of the columns, in characters. */
const widths = { done: 7, stage: 6, transactions: 7, strategy: 13, fault: 18, outcome: 6 } as const;
const millisecondsPerSecond = 1_000;

/** One line, without a line break. */
export function progressLine(progress: ComparisonProgress, palette: Palette): string {
  if (progress.kind === 'overhead') {
    return palette.faint(`measuring ${progress.stage} batches of ${progress.batchSize} …`);
  }
  const { cell, done, total } = progress;
  const seconds = (cell.durationMs / millisecondsPerSecond).toFixed(1);
  return [
    `${done}/${total}`.padStart(widths.done),
    cell.stage.padEnd(widths.stage),
    cell.transactions.padEnd(widths.transactions),
    cell.strategy.padEnd(widths.strategy),
    cell.fault.padEnd(widths.fault),
    outcomeText(cell, palette),
    palette.faint(`${seconds} s`.padStart(7)),
    detail(cell),
  ]
    .join('  ')
    .trimEnd();
}

function outcomeText(cell: Cell, palette: Palette): string {
  const text = cell.outcome.padEnd(widths.outcome);
  if (cell.outcome === 'exact') {
    return palette.good(text);
  }
  return cell.outcome === 'wrong' ? palette.bad(text) : palette.warning(text);
}

function detail(cell: Cell): string {
  if (cell.outcome === 'failed') {
    return `${cell.failure.code}: ${cell.failure.message}`;
  }
  const { duplicated, lost } = cell.difference;
  const parts = [
    ...(duplicated === '0' ? [] : [`${duplicated} too much`]),
    ...(lost === '0' ? [] : [`${lost} too little`]),
    ...(cell.asExpected ? [] : ['not as expected']),
  ];
  return parts.join(', ');
}
