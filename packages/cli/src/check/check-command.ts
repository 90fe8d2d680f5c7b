import { systemOperationsClock } from '@oncefold/operations/tables';
import type { CommandContext } from '../command-line/command.ts';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { describeFailure } from '../command-line/describe-failure.ts';
import { exitStatus } from '../command-line/exit-status.ts';
import { withStack } from '../stack/stack-option.ts';
import { UnreadableItemError } from '../sums/unreadable-item-error.ts';
import { createTableClient, endpointOf } from '../tables/connection.ts';
import { createHierarchyOf, findReduceStage } from '../tables/find-pipeline.ts';
import { optionsOfStack } from '../tables/pipeline-options.ts';
import type { CheckOptions } from './check-options.ts';
import { type CheckResult, checkPipeline } from './check-pipeline.ts';
import { checkToJson, checkView } from './check-view.ts';
import { findGivenUp } from './given-up.ts';
import { checkLive } from './live/check-live.ts';

/** How often the client itself sends a request. */
const ATTEMPTS = 5;

const statusOf: Readonly<Record<CheckResult['verdict'], number>> = {
  exact: exitStatus.exact,
  different: exitStatus.different,
  undecided: exitStatus.undecided,
};

/**
 * `oncefold check`: recomputes every aggregate and says whether the table holds exactly that.
 *
 * @returns the exit status: 0 equal, 1 different, 3 not decided
 */
export async function checkCommand(given: CheckOptions, context: CommandContext): Promise<number> {
  const { signal } = context.lifetime;
  const { options } = await withStack<CheckOptions>(given, { signal, fill: optionsOfStack });
  const client = createTableClient(options, ATTEMPTS);
  try {
    if (options.live) {
      return await checkLive(options, context, client);
    }
    const result = await checkPipeline(
      { client, clock: systemOperationsClock, signal },
      {
        tables: {
          state: options.stateTable,
          aggregate: options.aggregateTable,
          accounting: options.accountingTable,
        },
        quarantineTable: options.quarantineTable,
        hierarchy: createHierarchyOf(options.unrecordedHierarchyDimensions),
        path: options.path,
        pipeline: await findReduceStage(client, options, signal),
        findGivenUp: () => findGivenUp(options, signal),
        waitMs: options.wait * 1_000,
      },
    );
    const { terminal } = context;
    terminal.answer(options.json ? JSON.stringify(checkToJson(result)) : checkView(result, terminal.palette));
    return statusOf[result.verdict];
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UnreadableItemError) {
      throw new CouldNotRunError(error.message, { cause: error });
    }
    throw describeFailure(error, { what: 'read the tables', endpoint: endpointOf(options) });
  } finally {
    client.destroy();
  }
}
