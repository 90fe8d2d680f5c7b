import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { systemOperationsClock } from '@oncefold/operations/tables';
import type { CommandContext } from '../../command-line/command.ts';
import { exitStatus } from '../../command-line/exit-status.ts';
import { announceRecount } from '../../recount/announce-recount.ts';
import { runRecount } from '../../recount/run-recount.ts';
import { surveyIfNeeded } from '../../recount/survey-trades.ts';
import { createTableClient } from '../../tables/connection.ts';
import { findPipeline } from '../../tables/find-pipeline.ts';
import type { PipelineTableOptions } from '../../tables/pipeline-options.ts';
import { findQuarantined, findUnapplied } from '../evidence.ts';
import type { Evidence } from '../evidence-view.ts';
import { findGivenUp, mayLack } from '../given-up.ts';
import { recomputeSums } from '../recompute-sums.ts';
import { liveToJson, liveView } from './live-view.ts';

interface CheckLiveOptions extends PipelineTableOptions {
  readonly path?: string;
  readonly rate: number;
  readonly yes: boolean;
  readonly json: boolean;
}

/**
 * Checks a running pipeline exactly: adds up all trades again beside it, and compares.
 *
 * @param reader - the client of requests that may be sent again
 * @returns the exit status: 0 equal, 1 different, 2 when somebody said no, 3 equal but for batches that were given up
 */
export async function checkLive(
  options: CheckLiveOptions,
  context: CommandContext,
  reader: DynamoDBClient,
): Promise<number> {
  const { terminal, lifetime } = context;
  const pipeline = await findPipeline(reader, options, lifetime.signal);
  const { state, aggregate } = pipeline.tables;
  const access = { client: reader, clock: systemOperationsClock, signal: lifetime.signal };
  await surveyIfNeeded(access, pipeline, { path: options.path });
  const headline = `adding up all trades of ${state} again, beside the running pipeline, to compare with ${aggregate}; no sum is changed`;
  if (!(await announceRecount(headline, { ...options, pipeline }, context))) {
    return exitStatus.couldNotRun;
  }
  const client = createTableClient(options, 1);
  try {
    const run = {
      client,
      pipeline,
      path: options.path,
      hierarchy: undefined,
      rate: options.rate,
      settleMs: 0,
    };
    const result = await runRecount(run, 'compare', context);
    const wrong = result.found.nodes.filter(({ difference }) => difference !== 0n);
    const evidence: Evidence | undefined =
      wrong.length === 0
        ? undefined
        : {
            unapplied: await findUnapplied(access, pipeline),
            quarantined: await findQuarantined(access, options.quarantineTable),
            candidates: (
              await recomputeSums(access, {
                table: state,
                hierarchy: pipeline.unrecordedHierarchy,
                differences: new Map(wrong.map(({ key, difference }) => [key, difference])),
              })
            ).candidates,
          };
    const givenUp = await findGivenUp(options, lifetime.signal);
    const told = { result, givenUp, evidence };
    terminal.answer(options.json ? JSON.stringify(liveToJson(told)) : liveView(told, terminal.palette));
    if (wrong.length > 0) {
      return exitStatus.different;
    }
    return mayLack(givenUp) ? exitStatus.undecided : exitStatus.exact;
  } finally {
    client.destroy();
  }
}
