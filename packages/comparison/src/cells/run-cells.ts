import type { ComparisonEnvironment, ComparisonProgress } from '../comparison-environment.ts';
import type {
  Cell,
  CellName,
  ComparisonParameters,
  FaultCode,
  JudgedCell,
  UnitSource,
} from '../report/comparison-report.ts';
import type { StageInput } from '../stage-input/stage-input.ts';
import { spreadOf } from '../statistics.ts';
import { CellFailureError } from './cell-failure-error.ts';
import { expectationOf } from './expectations.ts';
import { type CellResult, runCell } from './run-cell.ts';
import { cutBatches } from './schedule.ts';

/** What cells are run with. */
export interface CellsOptions {
  readonly environment: ComparisonEnvironment;
  /** One for each stage and number of transactions that is asked for. */
  readonly works: readonly StageInput[];
  /** Where the units come from. */
  readonly cellUnits: UnitSource;
  readonly onProgress: (progress: ComparisonProgress) => void;
  readonly signal: AbortSignal;
}

/** Cells that work at the same time, each on a database of its own. */
const CELLS_AT_ONCE = 2;
/** Cells beside them that for the most part only wait, for a lock to be over. */
const WAITING_CELLS_AT_ONCE = 2;
/** How often a cell is begun anew when something failed that was not planned. */
const DISTURBANCES_MAX = 2;

/**
 * Runs every cell that was asked for.
 *
 * @returns the cells by stage, transactions, strategy and fault, whichever ended first
 * @throws the signal's reason, or what is no cell's own failure
 */
export async function runCells(parameters: ComparisonParameters, options: CellsOptions): Promise<Cell[]> {
  const names: CellName[] = parameters.stages.flatMap((stage) =>
    parameters.transactions.flatMap((transactions) =>
      parameters.strategies.flatMap((strategy) =>
        parameters.faults.map((fault) => ({ stage, transactions, strategy, fault })),
      ),
    ),
  );
  const cells: Cell[] = [];
  // One cell that fails in a way that is no cell's ends the others too.
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

/** The lock of an invocation that was killed under Powertools is over with the function's timeout. */
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
  const work = options.works.find(
    ({ stage, transactions }) => stage === name.stage && transactions === name.transactions,
  );
  if (work === undefined) {
    throw new Error('invariant: the stage has no work');
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
        work,
        batches: cutBatches(work),
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
  const units = source === 'engine' ? figures.unitsTold : figures.unitsComputed;
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
      units: { ...units, source },
      settleMs: spreadOf(result.settleMs),
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
