import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  defaultLimits,
  defaultPosts,
  endRecount,
  readControl,
  removePosts,
} from '@oncefold/operations/recount';
import { systemOperationsClock } from '@oncefold/operations/tables';
import { findGivenUp, mayLack } from '../check/given-up.ts';
import type { CommandContext } from '../command-line/command.ts';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { describeFailure } from '../command-line/describe-failure.ts';
import { exitStatus } from '../command-line/exit-status.ts';
import { announceRecount } from '../recount/announce-recount.ts';
import { formatTime } from '../recount/estimate-view.ts';
import { runRecount } from '../recount/run-recount.ts';
import { surveyIfNeeded } from '../recount/survey-trades.ts';
import { withStack } from '../stack/stack-option.ts';
import { UnreadableItemError } from '../sums/unreadable-item-error.ts';
import { createTableClient, endpointOf, isLoopback } from '../tables/connection.ts';
import { describeExistingTable } from '../tables/describe-table.ts';
import { createHierarchyOf, findPipeline } from '../tables/find-pipeline.ts';
import { optionsOfStack } from '../tables/pipeline-options.ts';
import { dryRun } from './dry-run.ts';
import { reasonNotToMove } from './reason-not-to-move.ts';
import type { RebuildOptions } from './rebuild-options.ts';
import { rebuildToJson, rebuildView } from './rebuild-view.ts';

/** How often the client of requests that may be sent again sends one itself. */
const ATTEMPTS = 5;

/**
 * `oncefold rebuild`: adds up all trades again beside the running pipeline, and repairs the sums that differ.
 *
 * @returns the exit status: 0 exact or repaired, 3 but for batches that were given up; with `--dry-run` 1 if it would change something, 3 if
 * that is not decided
 */
export async function rebuildCommand(given: RebuildOptions, context: CommandContext): Promise<number> {
  const { signal } = context.lifetime;
  const { options, stack } = await withStack<RebuildOptions>(given, { signal, fill: optionsOfStack });
  const reader = createTableClient(options, ATTEMPTS);
  try {
    if (options.abort) {
      return await abortRecount(options, context, reader);
    }
    const undeployed = reasonNotToMove(stack, options.hierarchyDimensions);
    if (undeployed !== undefined && !options.dryRun) {
      throw new CouldNotRunError(undeployed);
    }
    if (undeployed !== undefined) {
      context.terminal.note(context.terminal.notePalette.warning(undeployed));
    }
    return options.dryRun ? await dryRun(options, context, reader) : await rebuild(options, context, reader);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UnreadableItemError) {
      throw new CouldNotRunError(error.message, { cause: error });
    }
    throw describeFailure(error, { what: 'rebuild the sums', endpoint: endpointOf(options) });
  } finally {
    reader.destroy();
  }
}

async function rebuild(
  options: RebuildOptions,
  context: CommandContext,
  reader: DynamoDBClient,
): Promise<number> {
  const { path, hierarchyDimensions, rate, json } = options;
  const settleMs = settleMsOf(options);
  const { terminal, lifetime } = context;
  const hierarchy = hierarchyDimensions && createHierarchyOf(hierarchyDimensions);
  const pipeline = await findPipeline(reader, options, lifetime.signal);
  const { state, aggregate } = pipeline.tables;
  const access = { client: reader, clock: systemOperationsClock, signal: lifetime.signal };
  const survey = await surveyIfNeeded(access, pipeline, { path, hierarchy });
  const moves = hierarchy && survey && { trades: survey.toMove, dimensions: hierarchy.dimensions };
  const counted = survey && { trades: survey.trades, marks: survey.toMark };
  const moved = hierarchy === undefined ? '' : `, moving each to ${hierarchy.dimensions.join(',')}`;
  const where = path === undefined ? aggregate : `${path} and below in ${aggregate}`;
  const headline = `adding up all trades of ${state} again, beside the running pipeline${moved}, to repair ${where}${settleMs === 0 ? '' : `, after ${formatTime(settleMs / 1_000)} in which what is on its way may land (--settle)`}`;
  if (!(await announceRecount(headline, { ...options, pipeline, counted, moves }, context))) {
    throw new CouldNotRunError('nothing was done');
  }
  const client = createTableClient(options, 1);
  const startMs = performance.now();
  try {
    const result = await runRecount({ client, pipeline, path, hierarchy, rate, settleMs }, 'repair', context);
    const seconds = (performance.now() - startMs) / 1000;
    const givenUp = await findGivenUp(options, lifetime.signal);
    const told = { result, givenUp, seconds, hierarchy };
    terminal.answer(json ? JSON.stringify(rebuildToJson(told)) : rebuildView(told, terminal.palette));
    return mayLack(givenUp) ? exitStatus.undecided : exitStatus.exact;
  } finally {
    client.destroy();
  }
}

/** Nothing is on its way for long to an engine on this machine. */
function settleMsOf(options: RebuildOptions): number {
  if (options.settle !== undefined) {
    return options.settle * 1_000;
  }
  return isLoopback(endpointOf(options)) ? 0 : defaultLimits.settleMs;
}

/** Ends a recount that was left running, so that the functions do not count for it any more. */
async function abortRecount(
  options: RebuildOptions,
  { terminal, lifetime }: CommandContext,
  client: DynamoDBClient,
): Promise<number> {
  const { signal } = lifetime;
  const table = options.recountTable;
  await describeExistingTable(client, table, signal);
  await describeExistingTable(client, options.stateTable, signal);
  const access = { client, clock: systemOperationsClock, signal };
  const control = await readControl(access, table);
  const number = control?.isRunning === true ? control.number : undefined;
  if (number !== undefined) {
    await endRecount(access, { table, number });
  }
  if (control !== undefined) {
    // A recount that was interrupted is ended, and has left its posts all the same.
    const posts = { table: options.stateTable, recount: control.number, indexes: defaultPosts() };
    await removePosts(access, posts);
  }
  const text =
    number === undefined
      ? `no recount runs${control === undefined ? '' : `; what the last one may have left in ${options.stateTable} is removed`}`
      : `recount ${number} is ended and its items in ${options.stateTable} are removed; no sum was changed by that`;
  terminal.answer(options.json ? JSON.stringify({ ended: number ?? null }) : text);
  return exitStatus.exact;
}
