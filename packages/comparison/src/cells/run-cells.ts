import type { ComparisonEnvironment, ComparisonProgress } from '../comparison-environment.ts';
import type {
  Cell,
  CellName,
  ComparisonParameters,
  FaultCode,
  JudgedCell,
  UnitSource,
} from '../report/comparison-report.ts';
import { CellFailureError } from '../stage/cell-failure-error.ts';
import type { StageInput } from '../stage-input/stage-input.ts';
import { spreadOf, unitsOf } from '../statistics.ts';
import { expectationOf } from './expectations.ts';
import { type CellResult, runCell } from './run-cell.ts';

/** Cells that run at the same time, each on a database of its own. */
const CELLS_AT_ONCE = 2;
/** Cells that run beside them and mostly wait for a lock to expire. */
const WAITING_CELLS_AT_ONCE = 2;
/** How often a cell starts again after a failure that was not planned. */
const DISTURBANCES_MAX = 2;

/** What all cells share. */
interface CellsOptions {
  readonly environment: ComparisonEnvironment;
  /** One for each stage and number of transactions in the parameters. */
  readonly inputs: readonly StageInput[];
  readonly cellUnits: UnitSource;
  readonly onProgress: (progress: ComparisonProgress) => void;
  readonly signal: AbortSignal;
}

export async function runCells(parameters: ComparisonParameters, options: CellsOptions): Promise<Cell[]> {
  const names: CellName[] = parameters.stages.flatMap((stage) =>
    parameters.transactions.flatMap((transactions) =>
      parameters.strategies.flatMap((strategy) =>
        parameters.faults.map((fault) => ({ stage, transactions, strategy, fault })),
      ),
    ),
  );
  const cells: Cell[] = [];
  // An error that is not the failure of a cell ends all workers.
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  let done = 0;
  const work = async (queue: number[]): Promise<void> => {
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      signal.throwIfAborted();
      const cell = await judgeCell(names[at] as CellName, parameters, { ...options, signal });
      cells[at] = cell;
      done += 1;
      options.onProgress({ kind: 'cell', cell, done, total: names.length });
    }
  };
  const { waiting = [], working = [] } = Object.groupBy(names.keys(), (at) =>
    waitsForLock(names[at] as CellName) ? 'waiting' : 'working',
  );
  const workers = [
    ...Array.from({ length: CELLS_AT_ONCE }, () => work(working)),
    ...Array.from({ length: WAITING_CELLS_AT_ONCE }, () => work(waiting)),
  ].map((worker) =>
    worker.catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(workers);
  signal.throwIfAborted();
  return cells;
}

/** Under Powertools, the lock of a killed invocation lasts as long as the function's timeout. */
function waitsForLock({ strategy, fault }: CellName): boolean {
  return strategy === 'powertools' && lockingFaults.has(fault);
}

const lockingFaults: ReadonlySet<FaultCode> = new Set<FaultCode>(['crash', 'zombie', 'everything']);

async function judgeCell(
  name: CellName,
  parameters: ComparisonParameters,
  options: CellsOptions,
): Promise<Cell> {
  const startedAt = performance.now();
  const input = options.inputs.find(
    ({ stage, transactions }) => stage === name.stage && transactions === name.transactions,
  );
  if (input === undefined) {
    throw new Error('invariant: the cell has no input');
  }
  const replay = replayCommand(name, parameters);
  for (let disturbances = 0; ; disturbances += 1) {
    const base = (): { durationMs: number; disturbances: number; replay: string } => ({
      replay,
      durationMs: Math.round(performance.now() - startedAt),
      disturbances,
    });
    try {
      const result = await runCell(name, {
        environment: { ...options.environment, taskRoot: options.environment.taskRoots[name.stage] },
        input,
        seed: parameters.seed,
        quick: parameters.quick,
        signal: options.signal,
      });
      return { ...name, ...base(), ...judge(name, result, options.cellUnits) };
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof CellFailureError)) {
        throw error;
      }
      if (error.retryable && disturbances < DISTURBANCES_MAX) {
        continue;
      }
      const { code, message } = error;
      return { ...name, ...base(), outcome: 'failed', failure: { code, message } };
    }
  }
}

function judge(
  name: CellName,
  result: CellResult,
  source: UnitSource,
): Pick<JudgedCell, 'outcome' | 'expectation' | 'asExpected' | 'difference' | 'effort' | 'faultsHappened'> {
  const { difference, faultsHappened, invocations, retries, processes, figures } = result;
  const outcome = difference.nodesWrong === 0 ? 'exact' : 'wrong';
  const expectation = expectationOf(name);
  const { requests, requestsByOperation } = figures;
  return {
    outcome,
    expectation,
    asExpected: outcome === expectation.outcome,
    difference,
    effort: {
      invocations,
      retries,
      processes,
      requests,
      requestsByOperation,
      units: { ...unitsOf(figures, source), source },
      settleMs: spreadOf(result.latenciesMs),
    },
    faultsHappened,
  };
}

function replayCommand(name: CellName, { seed, messages, quick }: ComparisonParameters): string {
  return (
    `npm run oncefold -- compare --stage ${name.stage} --transactions ${name.transactions}` +
    ` --strategies ${name.strategy} --faults ${name.fault}` +
    ` --seed ${seed} --messages ${messages}${quick ? ' --quick' : ''}`
  );
}
