import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { formatCounted } from '@oncefold/comparison/format-number';
import { systemOperationsClock } from '@oncefold/operations/tables';
import { type CheckResult, checkPipeline } from '../check/check-pipeline.ts';
import { checkToJson, checkView } from '../check/check-view.ts';
import { findGivenUp } from '../check/given-up.ts';
import type { CommandContext } from '../command-line/command.ts';
import { exitStatus } from '../command-line/exit-status.ts';
import { estimateFor } from '../recount/announce-recount.ts';
import { estimateToJson, estimateView, movesView } from '../recount/estimate-view.ts';
import { surveyTrades } from '../recount/survey-trades.ts';
import { unrecognizedLines } from '../recount/unrecognized-lines.ts';
import { createHierarchyOf, findPipeline } from '../tables/find-pipeline.ts';
import type { RebuildOptions } from './rebuild-options.ts';

/** How long to wait for a working pipeline to come to rest, in milliseconds. */
const WAIT_MS = 5_000;

const statusOf: Readonly<Record<CheckResult['verdict'], number>> = {
  exact: exitStatus.exact,
  different: exitStatus.different,
  undecided: exitStatus.undecided,
};

/**
 * Says what a rebuild would do, without writing anything.
 *
 * @returns the exit status: 1 if it would move trades or change sums, 3 if the pipeline is at work so that this cannot be said
 */
export async function dryRun(
  options: RebuildOptions,
  { terminal, lifetime }: CommandContext,
  client: DynamoDBClient,
): Promise<number> {
  const { path, rate, hierarchyDimensions } = options;
  const { signal } = lifetime;
  const pipeline = await findPipeline(client, options, signal);
  const access = { client, clock: systemOperationsClock, signal };
  const { state, aggregate } = pipeline.tables;
  const { unrecordedHierarchy } = pipeline;
  const hierarchy = hierarchyDimensions && createHierarchyOf(hierarchyDimensions);
  const startMs = performance.now();
  const pass = await surveyTrades(access, pipeline, { path, hierarchy });
  const readSeconds = (performance.now() - startMs) / 1000;
  const estimate = estimateFor(pipeline, { rate, counted: { trades: pass.trades, marks: pass.toMark } });
  const tables = { state, aggregate, accounting: options.accountingTable };
  const check = await checkPipeline(access, {
    tables,
    quarantineTable: options.quarantineTable,
    hierarchy: unrecordedHierarchy,
    path,
    pipeline,
    // Trades may have to be moved first before the node is there.
    mayLackNode: hierarchy !== undefined,
    findGivenUp: () => findGivenUp(options, signal),
    waitMs: WAIT_MS,
  });
  const { items, trades, noTrades, unrecognized, unsummable, toMove, toMark } = pass;
  if (options.json) {
    const counted = { items, trades, noTrades, unrecognized, unsummable, toMove, toMark, readSeconds };
    terminal.answer(
      JSON.stringify({ dryRun: counted, estimate: estimateToJson(estimate), check: checkToJson(check) }),
    );
  } else {
    const { palette } = terminal;
    const lines = [
      `${formatCounted(items, 'item')} of ${state} read in ${readSeconds.toFixed(1)} s: ${formatCounted(trades, 'trade')} to add up, ${formatCounted(toMark, 'item')} to mark, ${formatCounted(noTrades, 'item')} no trade`,
      ...unrecognizedLines(unrecognized, palette),
      ...(hierarchy === undefined
        ? []
        : [
            movesView({ trades: toMove, dimensions: hierarchy.dimensions }),
            `${formatCounted(unsummable, 'trade lacks', 'trades lack')} one of these dimensions and would stay`,
          ]),
      estimateView(estimate, {
        table: state,
        rate,
        palette,
        moves: hierarchy && { trades: toMove, dimensions: hierarchy.dimensions },
      }),
      'now, without any change:',
      checkView(check, palette),
    ];
    terminal.answer(lines.join('\n'));
  }
  return toMove > 0 ? exitStatus.different : statusOf[check.verdict];
}
