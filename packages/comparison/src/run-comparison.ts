import { runCells } from './cells/run-cells.ts';
import { cutBatches } from './cells/schedule.ts';
import type { ComparisonEnvironment, ComparisonProgress, OverheadEngine } from './comparison-environment.ts';
import { batchPlans, quickBatchPlans } from './costs/batch-plans.ts';
import { costsOf, onDemandPrice } from './costs/costs.ts';
import { countsAsDocumented } from './costs/counts-as-documented.ts';
import { measureOverhead, recordsOf } from './costs/measure-overhead.ts';
import { describeMachine } from './describe-machine.ts';
import { modelledParts } from './modelled.ts';
import type {
  Cell,
  ComparisonParameters,
  ComparisonReport,
  ComparisonVerdict,
  EngineUse,
  Overhead,
  StageInputDescription,
  UnitSource,
} from './report/comparison-report.ts';
import { faultDescriptions, strategyDescriptions, transactionsDescriptions } from './report/descriptions.ts';
import type { ComparisonEngine } from './stage/comparison-engine.ts';
import { overheadInput, type StageInput, stageInput } from './stage-input/stage-input.ts';
import { MESSAGE_COUNT, Sums } from './stage-input/sums.ts';
import { rounded } from './statistics.ts';

/**
 * Runs every strategy against every fault, and measures what each takes without faults.
 *
 * @param parameters - equal ones give equal inputs, faults and sums
 * @param options.overhead - whether overheads are measured
 * @param options.onProgress - told after each cell and before each size of batch
 * @param options.signal - ends everything
 * @returns the report; cells that could not be judged are in it as such
 * @throws the signal's reason, or what no cell can run with, such as an engine that went away
 */
export async function runComparison(
  parameters: ComparisonParameters,
  options: {
    readonly environment: ComparisonEnvironment;
    readonly overhead: boolean;
    readonly onProgress: (progress: ComparisonProgress) => void;
    readonly signal: AbortSignal;
  },
): Promise<ComparisonReport> {
  const { environment, onProgress, signal } = options;
  const startedAt = new Date();
  const began = performance.now();
  const cellUnits: UnitSource = (await countsAsDocumented(environment.engine)) ? 'engine' : 'computed';
  const works = parameters.stages.flatMap((stage) =>
    parameters.transactions.map((transactions) =>
      stageInput({ ...parameters, stage, transactions, arrivedAtMs: startedAt.getTime() }),
    ),
  );
  const cells = withAddedTime(
    await runCells(parameters, { environment, works, cellUnits, onProgress, signal }),
  );
  const overheadEngine = options.overhead ? await chooseOverheadEngine(environment, cellUnits) : undefined;
  const overheads =
    overheadEngine === undefined ? [] : await measureOverheads(parameters, { ...options, overheadEngine });
  return {
    format: 'oncefold-compare/2',
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - began),
    verdict: verdictOf(cells),
    parameters,
    versions: environment.versions,
    machine: describeMachine(),
    engines: engineUses(environment, overheadEngine),
    modelled: modelledParts({
      cellUnits,
      ...(overheadEngine === undefined ? {} : { overheadEngine }),
    }),
    inputs: works.map(describeInput),
    transactions: transactionsDescriptions.filter(({ code }) => parameters.transactions.includes(code)),
    strategies: strategyDescriptions.filter(({ code }) => parameters.strategies.includes(code)),
    faults: faultDescriptions.filter(({ code }) => parameters.faults.includes(code)),
    cells,
    overheads,
    price: onDemandPrice,
    costs: costsOf(overheads, onDemandPrice),
  };
}

/** Puts beside each cell how much longer its batches took than in the control of its strategy. */
function withAddedTime(cells: readonly Cell[]): Cell[] {
  return cells.map((cell) => {
    const control = cells.find(
      (other) =>
        other.stage === cell.stage &&
        other.transactions === cell.transactions &&
        other.strategy === cell.strategy &&
        other.fault === 'none',
    );
    if (cell.outcome === 'failed' || control === undefined || control.outcome === 'failed') {
      return cell;
    }
    const addedMs = rounded(cell.effort.settleMs.median - control.effort.settleMs.median);
    return { ...cell, effort: { ...cell.effort, addedMs } };
  });
}

function verdictOf(cells: readonly Cell[]): ComparisonVerdict {
  const promising = new Set(
    strategyDescriptions.filter((each) => each.promisesExactness).map(({ code }) => code),
  );
  if (cells.some((cell) => cell.outcome === 'wrong' && promising.has(cell.strategy))) {
    return 'broken';
  }
  return cells.some((cell) => cell.outcome === 'failed') ? 'incomplete' : 'kept';
}

/** The engine of the overheads and whether its own figures are right. */
async function chooseOverheadEngine(
  environment: ComparisonEnvironment,
  cellUnits: UnitSource,
): Promise<OverheadEngine> {
  const { unitEngine } = environment;
  if (cellUnits === 'computed' && unitEngine !== undefined && (await countsAsDocumented(unitEngine))) {
    return { engine: unitEngine, source: 'engine' };
  }
  return { engine: environment.engine, source: cellUnits };
}

async function measureOverheads(
  parameters: ComparisonParameters,
  options: {
    readonly environment: ComparisonEnvironment;
    readonly overheadEngine: OverheadEngine;
    readonly onProgress: (progress: ComparisonProgress) => void;
    readonly signal: AbortSignal;
  },
): Promise<Overhead[]> {
  const { seed, quick, stages, strategies } = parameters;
  const { engine, source } = options.overheadEngine;
  const plans = quick ? quickBatchPlans : batchPlans;
  const overheads: Overhead[] = [];
  for (const stage of stages) {
    overheads.push(
      ...(await measureOverhead({
        stage,
        strategies,
        plans,
        work: overheadInput({ stage, seed, records: recordsOf(plans), arrivedAtMs: Date.now() }),
        environment: { ...options.environment, engine, taskRoot: options.environment.taskRoots[stage] },
        source,
        signal: options.signal,
        onPlan: ({ size }) => options.onProgress({ kind: 'overhead', stage, batchSize: size }),
      })),
    );
  }
  return overheads;
}

function engineUses({ engine }: ComparisonEnvironment, overhead: OverheadEngine | undefined): EngineUse[] {
  const use = ({ name, version }: ComparisonEngine, usedFor: string): EngineUse => ({
    name,
    version,
    usedFor,
  });
  if (overhead === undefined) {
    return [use(engine, 'cells')];
  }
  if (overhead.engine === engine) {
    return [use(engine, 'cells and overheads')];
  }
  return [use(engine, 'cells'), use(overhead.engine, 'overheads')];
}

function describeInput(work: StageInput): StageInputDescription {
  const truth = new Sums();
  for (const record of work.records) {
    truth.addAll(record.sums(1));
  }
  const sums = truth.format();
  // Levels add up to the same amount; the roots are the shortest way to it.
  const total = new Sums();
  for (const [name, units] of truth.units) {
    if (name !== MESSAGE_COUNT && !name.includes(':')) {
      total.add('total', units);
    }
  }
  return {
    stage: work.stage,
    transactions: work.transactions,
    recordIs: work.recordIs,
    records: work.records.length,
    batches: cutBatches(work).length,
    nodes: sums.size,
    total: total.format().get('total') ?? '0',
  };
}
