import { createSeededDraw, type RequestFigures } from '@oncefold/local-runtime';
import type { CellName, Difference, TransactionsCode } from '../report/comparison-report.ts';
import { CellFailureError } from '../stage/cell-failure-error.ts';
import { readSums } from '../stage/read-sums.ts';
import { openStageSandbox, type StageEnvironment } from '../stage/stage-sandbox.ts';
import { cutBatches, type StageInput } from '../stage-input/stage-input.ts';
import { CellRun, type CellTally } from './cell-run.ts';
import { differenceTo } from './difference.ts';
import { createInterceptorPlan } from './interceptor-plan.ts';
import { batchesOf, scenariosOf, schedule } from './schedule.ts';

/** What was measured in a cell. */
export interface CellResult extends Omit<CellTally, 'versions'> {
  readonly difference: Difference;
  readonly figures: RequestFigures;
}

/** The least that the template allows: under Powertools, the lock of a killed invocation lasts as long. */
export const FUNCTION_TIMEOUT_SECONDS = 5;
/** With several transactions a batch, one process may or may not know what another one has committed meanwhile. */
const warmProcesses: Readonly<Record<TransactionsCode, number>> = { one: 1, several: 2 };

/**
 * Runs one strategy under one fault, on a database and in processes of its own, and compares the sums with the truth.
 */
export async function runCell(
  name: CellName,
  options: {
    readonly environment: StageEnvironment;
    readonly input: StageInput;
    readonly seed: number;
    readonly quick: boolean;
    readonly signal: AbortSignal;
  },
): Promise<CellResult> {
  const { input, quick, signal } = options;
  const { transactions } = name;
  // The strategy is not part of the scope: all strategies of a column meet the same fault in the same place.
  const draw = createSeededDraw(options.seed, `${name.stage}:${transactions}:${name.fault}`);
  const scenarios = scenariosOf(name.fault, { transactions, quick, draw });
  const batches = batchesOf(cutBatches(input), scenarios, { transactions, quick });
  const plan = createInterceptorPlan();
  const query = { ...name, timeoutSeconds: FUNCTION_TIMEOUT_SECONDS };
  const sandbox = await openStageSandbox(options.environment, query, { plan, signal });
  try {
    const { client, proxy, resources } = sandbox;
    const alternatingPollers = warmProcesses[transactions];
    const run = new CellRun({
      input,
      batches,
      sandbox,
      plan,
      draw,
      pollerCount: Math.max(alternatingPollers, ...scenarios.map((scenario) => scenario.pollerCount)),
      alternatingPollers,
      mayFail: name.fault !== 'none',
      signal,
    });
    await Promise.all([sandbox.createTables(), run.warmAll()]);
    // When several processes take turns, each has processed a batch before the first fault.
    const warmUps = alternatingPollers === 1 ? 0 : alternatingPollers;
    for (const { batch, scenario } of schedule(scenarios, { batches: batches.length, warmUps, draw })) {
      await (scenario?.play(run, batch) ?? run.deliverUntilSuccess(run.batch(batch)));
    }
    if (proxy.failure !== undefined) {
      throw new CellFailureError('disturbed', proxy.failure.message, { cause: proxy.failure });
    }
    const { versions, ...tally } = run.tally();
    const actual = await readSums(client, name.stage, resources.sink, signal);
    return {
      ...tally,
      difference: differenceTo(actual, { input, batches, versions }),
      figures: proxy.figures(),
    };
  } finally {
    await sandbox.close();
  }
}
