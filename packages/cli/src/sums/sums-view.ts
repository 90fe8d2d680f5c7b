import { formatDecimal } from '@oncefold/reducer';
import { alignDecimals } from '../terminal/align-decimals.ts';
import { formatTable } from '../terminal/format-table.ts';
import type { Palette } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';
import type { ComparedSum } from './compare-sums.ts';

/**
 * Shows expected and actual sums side by side, every digit of them.
 *
 * @param rows - the sums, in the order in which they are shown
 */
export function sumsView(rows: readonly ComparedSum[], palette: Palette): string {
  const expected = alignDecimals(rows.map((row) => formatDecimal(row.expected)));
  const actual = alignDecimals(rows.map((row) => formatDecimal(row.actual)));
  const difference = alignDecimals(rows.map((row) => formatDifference(row)));
  return formatTable(
    [
      { title: 'aggregate key', align: 'left' },
      { title: 'expected', align: 'right' },
      { title: 'actual', align: 'right' },
      { title: 'difference', align: 'right' },
      { title: '', align: 'left' },
    ],
    rows.map((row, index) => {
      const same = row.difference === 0n;
      const paint = same ? palette.good : palette.bad;
      return [
        printable(row.key),
        expected[index] ?? '',
        actual[index] ?? '',
        paint(difference[index] ?? ''),
        paint(same ? 'exact' : 'WRONG'),
      ];
    }),
  );
}

function formatDifference(row: ComparedSum): string {
  const text = formatDecimal(row.difference);
  return row.difference > 0n ? `+${text}` : text;
}

/** Puts a compared sum into a form for programs. */
export function sumToJson(
  sum: ComparedSum,
): Readonly<Record<'key' | 'expected' | 'actual' | 'difference', string>> {
  return {
    key: sum.key,
    expected: formatDecimal(sum.expected),
    actual: formatDecimal(sum.actual),
    difference: formatDecimal(sum.difference),
  };
}
