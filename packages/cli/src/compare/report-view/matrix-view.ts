import { abbreviateCell, type CellView, type MatrixView, type Remark } from '@oncefold/comparison';
import { formatTable } from '../../terminal/format-table.ts';
import type { Palette } from '../../terminal/palette.ts';
import { printable } from '../../terminal/printable.ts';
import { wrapText } from './wrap-text.ts';

const titleWidth = 10;
const marks: Readonly<Record<Remark, string>> = {
  'promise-broken': '!!',
  'not-judged': '?',
  unexpected: '!',
};

/** Renders one matrix with faults as columns; if that is too wide, with strategies as columns; else as a list. */
export function matrixView(view: MatrixView, palette: Palette, columns: number): string {
  const plain = (text: string): string => text;
  const layouts = [strategiesDown, faultsDown];
  // Colours have no width: the width is measured without them.
  const fitting = layouts.find((layout) => widthOf(layout(view, () => plain)) <= columns);
  return (fitting ?? list)(view, (cell) => paintOf(cell, palette));
}

type Paint = (cell: CellView) => (text: string) => string;

function strategiesDown({ rows }: MatrixView, paint: Paint): string {
  const faults = rows[0]?.cells.map(({ fault }) => title(fault.title)) ?? [];
  return formatTable(
    ['strategy', ...faults].map((text) => ({ title: text, align: 'left' })),
    rows.map(({ strategy, cells }) => [strategy.code, ...cells.map((cell) => cellText(cell, paint, '\n'))]),
  );
}

function faultsDown({ rows }: MatrixView, paint: Paint): string {
  const faults = rows[0]?.cells.map(({ fault }) => wrapText(printable(fault.title), 24)) ?? [];
  return formatTable(
    ['fault', ...rows.map(({ strategy }) => strategy.code)].map((text) => ({ title: text, align: 'left' })),
    faults.map((fault, index) => [
      fault,
      ...rows.map(({ cells }) => {
        const cell = cells[index];
        return cell === undefined ? '' : cellText(cell, paint, '\n');
      }),
    ]),
  );
}

function list({ rows }: MatrixView, paint: Paint): string {
  return rows
    .map(({ strategy, cells }) =>
      [
        strategy.code,
        ...cells.map((cell) => `  ${printable(cell.fault.title)}: ${cellText(cell, paint, ' ')}`),
      ].join('\n'),
    )
    .join('\n');
}

function cellText(view: CellView, paint: Paint, between: string): string {
  const lines = abbreviateCell(view.cell);
  const mark = view.remark === undefined ? '' : ` ${marks[view.remark]}`;
  return lines
    .map((line, index) => paint(view)(index === lines.length - 1 ? `${line}${mark}` : line))
    .join(between);
}

function paintOf({ cell }: CellView, palette: Palette): (text: string) => string {
  if (cell === undefined) {
    return palette.faint;
  }
  if (cell.outcome === 'failed') {
    return palette.warning;
  }
  return cell.outcome === 'exact' ? palette.good : palette.bad;
}

function title(text: string): string {
  return wrapText(printable(text), titleWidth);
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}
