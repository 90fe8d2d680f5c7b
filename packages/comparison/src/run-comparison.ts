import { MESSAGE_COUNT } from '@oncefold/trades';
import { runCells } from './cells/run-cells.ts';
import type { ComparisonEnvironment, ComparisonProgress, OverheadEngine } from './comparison-environment.ts';
import { batchPlans, quickBatchPlans, recordsOf } from './costs/batch-plans.ts';
import { costsOf, onDemandPrice } from './costs/costs.ts';
import { countsAsDocumented } from './costs/counts-as-documented.ts';
import { measureOverhead } from './costs/measure-overhead.ts';
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
import { createOverheadInput, createStageInput } from './stage-input/create-stage-input.ts';
import { cutBatches, type StageInput } from './stage-input/stage-input.ts';
import { Sums } from './stage-input/sums.ts';
import { rounded } from './statistics.ts';

interface RunOptions {
  readonly environment: ComparisonEnvironment;
  /** Whether overheads are measured. */
  readonly overhead: boolean;
  readonly onProgress: (progress: ComparisonProgress) => void;
  readonly signal: AbortSignal;
}

/** Runs every strategy against every fault, and measures what each costs without faults. */
export async function runComparison(
  parameters: ComparisonParameters,
  options: RunOptions,
): Promise<ComparisonReport> {
  const { environment } = options;
  const startedAt = new Date();
  const startedMs = performance.now();
  const cellUnits: UnitSource = (await countsAsDocumented(environment.engine)) ? 'engine' : 'computed';
  const inputs = parameters.stages.flatMap((stage) =>
    parameters.transactions.map((transactions) =>
      createStageInput({ ...parameters, stage, transactions, arrivedAtMs: startedAt.getTime() }),
    ),
  );
  const cells = withAddedTime(await runCells(parameters, { ...options, inputs, cellUnits }));
  const overheadEngine = options.overhead ? await chooseOverheadEngine(environment, cellUnits) : undefined;
  const overheads =
    overheadEngine === undefined ? [] : await measureOverheads(parameters, options, overheadEngine);
  return {
    format: 'oncefold-compare/2',
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - startedMs),
    verdict: verdictOf(cells),
    parameters,
    versions: environment.versions,
    machine: describeMachine(),
    engines: engineUses(environment, overheadEngine),
    modelled: modelledParts(cellUnits, overheadEngine),
    inputs: inputs.map(describeInput),
    transactions: transactionsDescriptions.filter(({ code }) => parameters.transactions.includes(code)),
    strategies: strategyDescriptions.filter(({ code }) => parameters.strategies.includes(code)),
    faults: faultDescriptions.filter(({ code }) => parameters.faults.includes(code)),
    cells,
    overheads,
    price: onDemandPrice,
    costs: costsOf(overheads, onDemandPrice),
  };
}

/** Adds to each cell how much longer its batches took than in the control of its strategy. */
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

async function chooseOverheadEngine(
  { engine, unitEngine }: ComparisonEnvironment,
  cellUnits: UnitSource,
): Promise<OverheadEngine> {
  if (cellUnits === 'computed' && unitEngine !== undefined && (await countsAsDocumented(unitEngine))) {
    return { engine: unitEngine, source: 'engine' };
  }
  return { engine, source: cellUnits };
}

async function measureOverheads(
  { seed, quick, stages, strategies }: ComparisonParameters,
  { environment, onProgress, signal }: RunOptions,
  { engine, source }: OverheadEngine,
): Promise<Overhead[]> {
  const plans = quick ? quickBatchPlans : batchPlans;
  const overheads: Overhead[] = [];
  for (const stage of stages) {
    overheads.push(
      ...(await measureOverhead({
        strategies,
        plans,
        input: createOverheadInput({ stage, seed, records: recordsOf(plans), arrivedAtMs: Date.now() }),
        environment: { ...environment, engine, taskRoot: environment.taskRoots[stage] },
        source,
        signal,
        onPlan: ({ size }) => onProgress({ kind: 'overhead', stage, batchSize: size }),
      })),
    );
  }
  return overheads;
}

function engineUses({ engine }: ComparisonEnvironment, overhead: OverheadEngine | undefined): EngineUse[] {
  const use = ({ name, version }: typeof engine, usedFor: string): EngineUse => ({ name, version, usedFor });
  if (overhead === undefined) {
    return [use(engine, 'cells')];
  }
  if (overhead.engine === engine) {
    return [use(engine, 'cells and overheads')];
  }
  return [use(engine, 'cells'), use(overhead.engine, 'overheads')];
}

function describeInput(input: StageInput): StageInputDescription {
  const truth = new Sums();
  for (const record of input.records) {
    truth.addAll(record.sums(1));
  }
  // All levels have the same total; the root level has the fewest nodes.
  const total = new Sums();
  for (const [name, units] of truth.units) {
    if (name !== MESSAGE_COUNT && !name.includes(':')) {
      total.add('total', units);
    }
  }
  return {
    stage: input.stage,
    transactions: input.transactions,
    recordIs: input.recordIs,
    records: input.records.length,
    batches: cutBatches(input).length,
    nodes: truth.units.size,
    total: total.format().get('total') ?? '0',
  };
}
