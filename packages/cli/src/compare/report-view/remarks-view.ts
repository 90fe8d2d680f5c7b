import { arrangeCells, type CellView, type ComparisonReport, describeOutcome } from '@oncefold/comparison';
import type { Palette } from '../../terminal/palette.ts';
import { printable } from '../../terminal/printable.ts';
import { wrapText } from './wrap-text.ts';

/** Lists the cells with a remark, with the command that runs each of them alone. */
export function remarksView(report: ComparisonReport, palette: Palette, columns: number): string {
  const views = arrangeCells(report)
    .flatMap(({ rows }) => rows.flatMap(({ cells }) => cells))
    .filter(({ remark }) => remark !== undefined);
  if (views.length === 0) {
    return '';
  }
  return [palette.strong('needs attention'), ...views.map((view) => remark(view, palette, columns))].join(
    '\n',
  );
}

function remark({ name, remark: kind, cell, fault }: CellView, palette: Palette, columns: number): string {
  if (cell === undefined) {
    return '';
  }
  const paint = kind === 'unexpected' ? palette.warning : palette.bad;
  const where = `${name.stage}, ${name.transactions}, ${name.strategy}, ${printable(fault.title)}`;
  const what = printable(describeOutcome(cell));
  return [
    paint(wrapText(`- ${where}: ${what}`, columns, { first: '', rest: '  ' })),
    // A command stays on one line, so that it can be copied.
    `  ${printable(cell.replay)}`,
  ].join('\n');
}
