import { availableParallelism } from 'node:os';
import { addReports, type ExhaustReport, smallWorlds } from '@oncefold/simulator';
import type { CommandContext } from '../../command-line/command.ts';
import { exitStatus } from '../../command-line/exit-status.ts';
import { startLiveView } from '../../terminal/live-view.ts';
import type { SimulateOptions } from '../simulate-options.ts';
import { strategyPromisesExactness } from '../simulations/choose-sources.ts';
import { type StrategyName, strategyNames } from '../simulations/simulation-names.ts';
import type { WorldSlice } from '../workers/worker-messages.ts';
import { startWorkerPool, type WorkerPool } from '../workers/worker-pool.ts';
import { searchText, searchToJson, searchView, type WorldSearchRun } from './search-view.ts';
import { tellWorldHistory } from './tell-world-history.ts';

/** Parts of all worlds: each takes about as long, and progress is smooth. */
const PARTS = 96;

const nothing: ExhaustReport = { worlds: 0, histories: 0, wrong: 0, runs: 0, examples: [] };

/** `--exhaustive`: searches all small worlds on all cores, strategy by strategy. */
export async function searchWorlds(options: SimulateOptions, context: CommandContext): Promise<number> {
  const { terminal, lifetime } = context;
  const workers = options.workers ?? availableParallelism();
  const strategies = options.strategy === undefined ? strategyNames : [options.strategy];
  const worlds = smallWorlds().length;
  terminal.note(`${worlds} small worlds with ${strategies.join(', ')}, ${workers} workers; starting …`);
  const pool = await startWorkerPool({ workers, signal: lifetime.signal });
  lifetime.onEnd(() => pool.end());
  const runs: WorldSearchRun[] = [];
  for (const strategy of strategies) {
    if (lifetime.signal.aborted) {
      break;
    }
    runs.push(await searchWith(strategy, { pool, worlds }, context));
  }
  await pool.end();
  const isInterrupted = lifetime.signal.aborted;
  const result = { worlds, isInterrupted, runs };
  terminal.answer(
    options.json ? JSON.stringify(searchToJson(result)) : `\n${searchView(result, terminal.palette)}`,
  );
  lifetime.signal.throwIfAborted();
  const isBroken = runs.some(({ promise, report }) => promise === 'exact' && report.wrong > 0);
  return isBroken ? exitStatus.different : exitStatus.exact;
}

async function searchWith(
  strategy: StrategyName,
  { pool, worlds }: { readonly pool: WorkerPool; readonly worlds: number },
  { terminal, lifetime }: CommandContext,
): Promise<WorldSearchRun> {
  const startedAt = performance.now();
  let report = nothing;
  const elapsedMs = (): number => performance.now() - startedAt;
  const live = startLiveView(
    terminal,
    searchText(() => ({ strategy, worlds, report, elapsedMs: elapsedMs() }), terminal.notePalette),
  );
  const slices = Array.from({ length: PARTS }, (_, index): WorldSlice => {
    return { kind: 'worlds', strategy, part: { index, count: PARTS } };
  });
  try {
    await pool.run(slices, (part) => {
      report = addReports(report, part);
    });
  } finally {
    live.stop();
  }
  const promise = strategyPromisesExactness(strategy) ? 'exact' : 'none';
  // Workers end in any order; the lowest number is always the same.
  const [first] = [...report.examples].sort((a, b) => a.world - b.world);
  const finding =
    first === undefined || lifetime.signal.aborted ? undefined : await tellWorldHistory(strategy, first);
  return { strategy, promise, elapsedMs: elapsedMs(), report, ...(finding && { finding }) };
}
