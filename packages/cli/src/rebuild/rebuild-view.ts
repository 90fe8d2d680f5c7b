import { formatCount, formatCounted } from '@oncefold/comparison/format-number';
import type { Hierarchy } from '@oncefold/reducer';
import { foreignLines, leftOut } from '../check/check-view.ts';
import { givenUpView } from '../check/evidence-view.ts';
import { equalLine, type GivenUpEvidence, mayLack } from '../check/given-up.ts';
import { formatTime } from '../recount/estimate-view.ts';
import type { RunResult } from '../recount/run-recount.ts';
import { unrecognizedLines } from '../recount/unrecognized-lines.ts';
import { sumsView, sumToJson } from '../sums/sums-view.ts';
import type { Palette } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';

/** What came of a rebuild, and how long it took. */
export interface Rebuilt {
  readonly result: RunResult;
  readonly givenUp: GivenUpEvidence;
  readonly seconds: number;
  /** What trades were moved to; absent: they stayed. */
  readonly hierarchy: Hierarchy | undefined;
}

/** So many names of rows are shown; JSON has all. */
const ROWS_SHOWN_MAX = 5;

/** Shows what a rebuild found and repaired. */
export function rebuildView({ result, givenUp, seconds, hierarchy }: Rebuilt, palette: Palette): string {
  const { found, trades, marks, lostRows, repairs } = result;
  const wrong = found.nodes.filter(({ difference }) => difference !== 0n);
  const lines: string[] = [];
  if (wrong.length > 0) {
    lines.push(sumsView(wrong, palette));
  }
  lines.push(...foreignLines(found.foreign, palette), ...lostLines(lostRows, palette));
  if (hierarchy !== undefined) {
    const dimensions = hierarchy.dimensions.join(',');
    lines.push(
      `moved ${formatCounted(result.moved, 'trade')} to ${dimensions}; trades that are new or change from now on follow the deployment (HierarchyDimensions)`,
    );
  }
  if (trades.unsummable > 0) {
    lines.push(
      palette.warning(
        `${formatCounted(trades.unsummable, 'trade lacks', 'trades lack')} one of the new dimensions and stay where they are`,
      ),
    );
  }
  lines.push(
    ...unrecognizedLines(trades.unrecognized, palette),
    palette.faint(
      `${formatCounted(trades.trades, 'trade')}, ${formatCounted(marks, 'mark')} in ${formatTime(seconds)}; message_count is not rebuilt`,
    ),
  );
  lines.push(...givenUpView(givenUp, palette));
  const left = leftOut(found.foreign);
  const basis = `${formatCounted(found.nodes.length, 'aggregate')} added up from the trades`;
  const equal =
    wrong.length === 0
      ? ({ verdict: 'exact', told: `${basis}, no difference${left}` } as const)
      : ({
          verdict: 'repaired',
          told: `${formatCount(wrong.length)} of ${basis} differed as shown, by ${formatCounted(repairs.length, 'row of sums', 'rows of sums')} that ${repairs.length === 1 ? 'is' : 'are'} applied; all are exact now${left}`,
        } as const);
  return [...lines, equalLine(equal, givenUp, palette)].join('\n');
}

function lostLines(lostRows: readonly string[], palette: Palette): readonly string[] {
  if (lostRows.length === 0) {
    return [];
  }
  const count = formatCounted(lostRows.length, 'row of sums', 'rows of sums');
  const names = lostRows.slice(0, ROWS_SHOWN_MAX).map((id) => `  ${printable(id)}`);
  return [
    palette.warning(
      `${count} had been lost by the stream; the rebuilt sums include them, and a redrive adds only what is still missing:`,
    ),
    ...names,
    ...(lostRows.length > names.length ? [`  and ${formatCount(lostRows.length - names.length)} more`] : []),
  ];
}

/** Puts what came of a rebuild into a form for programs. */
export function rebuildToJson({ result, givenUp, seconds, hierarchy }: Rebuilt): unknown {
  const { number, found, trades, marks, lostRows, repairs } = result;
  return {
    exact: !mayLack(givenUp),
    recount: number,
    seconds: Number(seconds.toFixed(1)),
    tradeCount: trades.trades,
    noTradeCount: trades.noTrades,
    unrecognizedCount: trades.unrecognized,
    unsummableCount: trades.unsummable,
    movedCount: result.moved,
    ...(hierarchy !== undefined && { movedTo: hierarchy.dimensions }),
    marks,
    requests: result.requests,
    aggregateCount: found.nodes.length,
    differences: found.nodes.filter(({ difference }) => difference !== 0n).map(sumToJson),
    foreign: found.foreign,
    lostRows,
    repairs,
    givenUp,
  };
}
