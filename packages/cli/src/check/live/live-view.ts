import { formatCounted } from '@oncefold/comparison/format-number';
import type { RunResult } from '../../recount/run-recount.ts';
import { unrecognizedLines } from '../../recount/unrecognized-lines.ts';
import { sumsView, sumToJson } from '../../sums/sums-view.ts';
import type { Palette } from '../../terminal/palette.ts';
import { foreignLines, leftOut } from '../check-view.ts';
import { type Evidence, evidenceToJson, evidenceView, givenUpView } from '../evidence-view.ts';
import { equalLine, type GivenUpEvidence, mayLack } from '../given-up.ts';

/** What a check of a running pipeline found. */
export interface LiveCheck {
  readonly result: RunResult;
  readonly givenUp: GivenUpEvidence;
  readonly evidence: Evidence | undefined;
}

/** Shows what a check of a running pipeline found. */
export function liveView({ result, givenUp, evidence }: LiveCheck, palette: Palette): string {
  const { found, trades, marks } = result;
  const wrong = found.nodes.filter(({ difference }) => difference !== 0n);
  const basis = `added up from ${formatCounted(trades.trades, 'trade')} beside the running pipeline`;
  const verdict =
    wrong.length === 0
      ? equalLine(
          {
            verdict: 'exact',
            told: `${formatCounted(found.nodes.length, 'aggregate')} ${basis}, no difference${leftOut(found.foreign)}`,
          },
          givenUp,
          palette,
        )
      : palette.bad(
          `WRONG: ${formatCounted(wrong.length, 'aggregate')} of ${found.nodes.length} differ, ${basis}; \`npm run oncefold -- rebuild\` repairs them`,
        );
  return [
    ...(wrong.length > 0 ? [sumsView(wrong, palette)] : []),
    ...foreignLines(found.foreign, palette),
    ...unrecognizedLines(trades.unrecognized, palette),
    ...(evidence === undefined ? [] : evidenceView(evidence, palette)),
    ...givenUpView(givenUp, palette),
    palette.faint(`${formatCounted(marks, 'mark')} written; message_count was not compared`),
    verdict,
  ].join('\n');
}

/** Puts what a check of a running pipeline found into a form for programs. */
export function liveToJson({ result, givenUp, evidence }: LiveCheck): unknown {
  const { found, trades, marks, number, lostRows } = result;
  const wrong = found.nodes.filter(({ difference }) => difference !== 0n);
  const equal = mayLack(givenUp) ? 'undecided' : 'exact';
  const verdict = wrong.length === 0 ? equal : 'different';
  return {
    verdict,
    exact: verdict === 'exact',
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
    givenUp,
    ...(evidence !== undefined && { evidence: evidenceToJson(evidence) }),
  };
}
