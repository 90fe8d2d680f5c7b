import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { CommandContext } from '../command-line/command.ts';
import { exitStatus } from '../command-line/exit-status.ts';
import { startLiveView } from '../terminal/live-view.ts';
import { findMissedCoverage } from './find-missed-coverage.ts';
import { findSmallest } from './replay/find-smallest.ts';
import type { SimulateOptions } from './simulate-options.ts';
import { isBroken, type SimulateResult, type SimulationRun } from './simulate-result.ts';
import { chooseSources, promisesExactness } from './simulations/choose-sources.ts';
import { loadSimulation, type SimulationSource } from './simulations/simulation-source.ts';
import { headline, perSecond, progressText, type SimulationProgress } from './view/progress-view.ts';
import { resultToJson } from './view/result-to-json.ts';
import { summaryView } from './view/summary-view.ts';
import { slicesOf } from './workers/slices.ts';
import { addTallies, emptyTally } from './workers/tally.ts';
import type { Tally, ViolatingSeed } from './workers/worker-messages.ts';
import { startWorkerPool, type WorkerPool } from './workers/worker-pool.ts';

/** Runs the histories of consecutive seeds on all cores, and tells what was found. */
export async function runSimulations(options: SimulateOptions, context: CommandContext): Promise<number> {
  const { terminal, lifetime } = context;
  const { seeds, faults } = options;
  const baseSeed = options.baseSeed ?? randomInt(2 ** 31);
  // Each takes a second to start: more than there are histories would only delay them.
  const workers = Math.min(options.workers ?? availableParallelism(), options.seeds);
  const sources = chooseSources(options);
  terminal.note(headline({ options, baseSeed, workers }));
  // What cannot be loaded is told before any thread is started.
  await Promise.all(sources.map(loadSimulation));
  const pool = await startWorkerPool({ workers, signal: lifetime.signal });
  lifetime.onEnd(() => pool.end());
  const runs: SimulationRun[] = [];
  for (const source of sources) {
    if (lifetime.signal.aborted) {
      break;
    }
    runs.push(await runOne({ source, options, baseSeed, workers, pool }, context));
  }
  await pool.end();
  await addFindings(runs, options, context);
  const isInterrupted = lifetime.signal.aborted;
  const result: SimulateResult = { baseSeed, seeds, faults, workers, isInterrupted, runs };
  terminal.answer(
    options.json ? JSON.stringify(resultToJson(result)) : `\n${summaryView(result, terminal.palette)}`,
  );
  lifetime.signal.throwIfAborted();
  return isBroken(result) ? exitStatus.different : exitStatus.exact;
}

/** Makes one violating history of each simulation small; a page is of the first of them. */
async function addFindings(
  runs: SimulationRun[],
  options: SimulateOptions,
  context: CommandContext,
): Promise<void> {
  const { output, open, ...withoutPage } = options;
  let wanted = options;
  for (const [index, run] of runs.entries()) {
    const violating = chooseFinding(run.tally);
    if (violating !== undefined && !context.lifetime.signal.aborted) {
      const { seed } = violating;
      const finding = await findSmallest({ source: run.source, seed, options: wanted }, context);
      runs[index] = { ...run, ...(finding && { finding }) };
      wanted = { ...withoutPage, open: false };
    }
  }
  if (wanted === options && (open || output !== undefined)) {
    context.terminal.note('no page is written: no history went wrong; a history by its seed has one');
  }
}

/** The lowest seed; but a history that only hangs is long and says little, so that others go before it. */
function chooseFinding({ violating: { first } }: Tally): ViolatingSeed | undefined {
  return first.find(({ violations }) => violations.some(({ kind }) => kind !== 'stuck')) ?? first[0];
}

/** Runs all seeds of one simulation under a live view. */
async function runOne(
  run: {
    readonly source: SimulationSource;
    readonly options: SimulateOptions;
    readonly baseSeed: number;
    readonly workers: number;
    readonly pool: WorkerPool;
  },
  { terminal }: CommandContext,
): Promise<SimulationRun> {
  const { source, options, baseSeed, workers, pool } = run;
  const { seeds, faults } = options;
  const startedAt = performance.now();
  let tally = emptyTally;
  const progress = (): SimulationProgress => ({
    source,
    seeds,
    tally,
    elapsedMs: performance.now() - startedAt,
  });
  const live = startLiveView(terminal, progressText(progress, terminal.notePalette));
  try {
    const rate = (): number => perSecond(tally.histories, performance.now() - startedAt);
    const slices = slicesOf({ kind: 'seeds', source, faults, from: baseSeed, count: seeds }, workers, rate);
    await pool.run(slices, (part) => {
      tally = addTallies(tally, part);
    });
  } finally {
    live.stop();
  }
  const elapsedMs = performance.now() - startedAt;
  const missed = findMissedCoverage(await loadSimulation(source), tally, options);
  return { source, promise: promisesExactness(source) ? 'exact' : 'none', elapsedMs, tally, missed };
}
