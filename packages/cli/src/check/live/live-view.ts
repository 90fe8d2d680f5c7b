import { formatCounted } from '@oncefold/comparison/format-number';
import type { RunResult } from '../../recount/run-recount.ts';
import { unrecognizedLines } from '../../recount/unrecognized-lines.ts';
import { sumsView, sumToJson } from '../../sums/sums-view.ts';
import type { Palette } from '../../terminal/palette.ts';
import { foreignLines, leftOut } from '../check-view.ts';
import { type Evidence, evidenceToJson, evidenceView } from '../evidence-view.ts';

/** What a check of a running pipeline found. */
export interface LiveCheck {
  readonly result: RunResult;
  readonly evidence: Evidence | undefined;
}

/** Shows what a check of a running pipeline found. */
export function liveView({ result, evidence }: LiveCheck, palette: Palette): string {
  const { found, trades, marks } = result;
  const wrong = found.nodes.filter(({ difference }) => difference !== 0n);
  const basis = `added up from ${formatCounted(trades.trades, 'trade')} beside the running pipeline`;
  const verdict =
    wrong.length === 0
      ? palette.good(
          `exact: ${formatCounted(found.nodes.length, 'aggregate')} ${basis}, no difference${leftOut(found.foreign)}`,
        )
      : palette.bad(
          `WRONG: ${formatCounted(wrong.length, 'aggregate')} of ${found.nodes.length} differ, ${basis}; \`npm run oncefold -- rebuild\` repairs them`,
        );
  return [
    ...(wrong.length > 0 ? [sumsView(wrong, palette)] : []),
    ...foreignLines(found.foreign, palette),
    ...unrecognizedLines(trades.unrecognized, palette),
    ...(evidence === undefined ? [] : evidenceView(evidence, palette)),
    palette.faint(`${formatCounted(marks, 'mark')} written; message_count was not compared`),
    verdict,
  ].join('\n');
}

/** Puts what a check of a running pipeline found into a form for programs. */
export function liveToJson({ result, evidence }: LiveCheck): unknown {
  const { found, trades, marks, number, lostRows } = result;
  const wrong = found.nodes.filter(({ difference }) => difference !== 0n);
  return {
    verdict: wrong.length === 0 ? 'exact' : 'different',
    exact: wrong.length === 0,
    live: true,
    recount: number,
    marks,
    requests: result.requests,
    tradeCount: trades.trades,
    noTradeCount: trades.noTrades,
    unrecognizedCount: trades.unrecognized,
    aggregateCount: found.nodes.length,
    foreign: found.foreign,
    lostRows,
    differences: wrong.map((sum) => ({ ...sumToJson(sum), state: 'different' })),
    ...(evidence !== undefined && { evidence: evidenceToJson(evidence) }),
  };
}
