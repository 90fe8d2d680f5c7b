import { createLocalDynamoDb, freshCredentials, LOCAL_REGION } from '@oncefold/engines';
import { createSeededDraw, type RequestFigures, startFaultProxy } from '@oncefold/local-runtime';
import type { CellName, Difference, FaultHappened, TransactionsCode } from '../report/comparison-report.ts';
import type { ComparisonEngine } from '../stage/comparison-engine.ts';
import { createPoller } from '../stage/poller.ts';
import type { StageResourcesReader } from '../stage/stage-resources.ts';
import { createCellTables, readSums } from '../stage/stage-tables.ts';
import type { ArithmeticVersion, StageInput } from '../stage-input/stage-input.ts';
import { CellFailureError } from './cell-failure-error.ts';
import { createCellRun, type Slice } from './cell-run.ts';
import { differenceTo } from './difference.ts';
import { createInterceptorPlan } from './interceptor-plan.ts';
import { batchesOf, scenariosOf, schedule } from './schedule.ts';

/** What a cell runs on. */
export interface CellEnvironment {
  readonly engine: ComparisonEngine;
  /** Absolute directory of the stage's built function. */
  readonly taskRoot: string;
  readonly resources: StageResourcesReader;
}

/** What a cell came to. */
export interface CellResult {
  readonly difference: Difference;
  readonly faultsHappened: readonly FaultHappened[];
  readonly invocations: number;
  readonly retries: number;
  readonly processes: number;
  readonly figures: RequestFigures;
  /** By batch, in milliseconds. */
  readonly settleMs: readonly number[];
}

const ACCOUNT_ID = '000000000000';
/** The least that the template allows: a lock of a dead invocation of Powertools stands so long. */
export const FUNCTION_TIMEOUT_SECONDS = 5;
/** Where batches need several transactions, one process may know what another one has done meanwhile, or not. */
const warmProcesses: Readonly<Record<TransactionsCode, number>> = { one: 1, several: 2 };

/**
 * Runs one strategy under one fault, on a database and in processes of its own, and compares the sums.
 *
 * @param name - the cell; together with the seed it says where and how the fault strikes
 * @param options.work - of the cell's stage
 * @param options.batches - the cut of the work
 * @returns what the cell came to, once every planned fault has happened and every batch is through
 * @throws {@link CellFailureError} when it cannot be judged
 */
export async function runCell(
  name: CellName,
  options: {
    readonly environment: CellEnvironment;
    readonly work: StageInput;
    readonly batches: readonly Slice[];
    readonly seed: number;
    readonly quick: boolean;
    readonly signal: AbortSignal;
  },
): Promise<CellResult> {
  const { environment, work, signal } = options;
  // The strategy is no part of it: all strategies of a column meet the same fault at the same place.
  const draw = createSeededDraw(options.seed, `${name.stage}:${name.transactions}:${name.fault}`);
  const scenarios = scenariosOf(name.fault, { transactions: name.transactions, quick: options.quick, draw });
  const batches = batchesOf(options.batches, scenarios, { ...name, quick: options.quick });
  const resources = await environment.resources({ ...name, timeoutSeconds: FUNCTION_TIMEOUT_SECONDS });
  const credentials = freshCredentials();
  const database = await environment.engine.open();
  const client = createLocalDynamoDb({ endpoint: database.endpoint, credentials });
  const plan = createInterceptorPlan();
  const proxy = await startFaultProxy({ engine: database.endpoint, plan });
  let version: ArithmeticVersion = 1;
  const turns = warmProcesses[name.transactions];
  const pollers = Array.from(
    { length: Math.max(turns, ...scenarios.map((scenario) => scenario.pollers)) },
    (_, at) =>
      createPoller({
        name: `poller-${at}`,
        resource: resources.function,
        access: {
          dynamodb: proxy.endpoint(`poller-${at}`),
          kinesis: '',
          region: LOCAL_REGION,
          accountId: ACCOUNT_ID,
          credentials,
        },
        taskRoot: environment.taskRoot,
        environment: () => work.environment(version),
      }),
  );
  const stopAll = async (): Promise<void> => {
    await Promise.all(pollers.map((poller) => poller.stop()));
  };
  const abort = (): void => void stopAll();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.all([
      createCellTables(client, resources, signal),
      ...pollers.map((poller) => poller.warm()),
    ]);
    const run = createCellRun({
      work,
      table: resources.source,
      batches,
      window: resources.hasWindow,
      turns,
      mayFail: name.fault !== 'none',
      pollers,
      onVersion: (next) => {
        version = next;
      },
      plan,
      proxy,
      draw,
      signal,
    });
    for (const { batch, scenario } of schedule(scenarios, {
      batches: batches.length,
      // With more than one process, each has seen a batch before the first scenario, and remembers what it will.
      warmUps: turns === 1 ? 0 : turns,
      draw,
    })) {
      await (scenario?.play(run, batch) ?? run.deliverUntilThrough(run.batch(batch)));
    }
    if (proxy.failure !== undefined) {
      throw new CellFailureError('disturbed', proxy.failure.message, { cause: proxy.failure });
    }
    const tally = run.tally();
    const actual = await readSums(client, name.stage, resources.sink, signal);
    return {
      ...tally,
      difference: differenceTo(actual, { work, batches, versions: tally.versions }),
      processes: pollers.reduce((sum, poller) => sum + poller.processes, 0),
      figures: proxy.figures(),
    };
  } finally {
    signal.removeEventListener('abort', abort);
    await stopAll();
    await proxy.close();
    client.destroy();
    await database.close();
  }
}
