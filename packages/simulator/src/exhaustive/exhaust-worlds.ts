import { createPause, createTurn, type Turn } from '../scheduler/turn.ts';
import { beginSearch, type SearchResult, type WorldSearch } from './search-world.ts';
import { type SmallWorld, smallWorlds } from './small-world.ts';
import type { WorldSubject } from './world-run.ts';

/** Turns after which the event loop gets its own. */
const TURNS_MAX = 2_000;
/** Wrong histories that are named for each world. */
const EXAMPLES_MAX = 1;

/** Which worlds are searched, and how. */
export interface ExhaustOptions extends WorldSubject {
  /** One part of several, for example one for each thread: the worlds whose number is `index` modulo `count`. Default: all. */
  readonly part?: { readonly index: number; readonly count: number };
  /** Faults of one history: 0, 1 or 2. Default 2. */
  readonly faultsMax?: number;
  /** Whether histories that meet in one state go on together; without it the search takes much longer and says the same. Default true. */
  readonly mergesStates?: boolean;
  /** Told after each world. */
  readonly onProgress?: (progress: ExhaustReport & { readonly worldsTotal: number }) => void;
  readonly turn?: Turn;
}

/** What worlds came to. */
export interface ExhaustReport extends SearchResult {
  readonly worlds: number;
}

/**
 * Searches small worlds exhaustively: two deliveries of any ranges of 4 records of one shard, one or two records in a transaction,
 * to processes that are cold or warm, in every order of their requests, with every choice of up to two faults at any of them.
 * Then everything is delivered once more; what is still late may land before or after that. Each record must count once.
 *
 * @returns counts, and for each world that has wrong histories the first of them
 */
export async function exhaustWorlds(options: ExhaustOptions): Promise<ExhaustReport> {
  const { turn = createTurn(), onProgress } = options;
  const pause = createPause();
  const worlds = worldsOf(options);
  let report: ExhaustReport = { worlds: 0, histories: 0, wrong: 0, runs: 0, examples: [] };
  let turns = 0;
  for (const world of worlds) {
    const search = beginSearchOf(world, options);
    while (search.advance() === 'turn') {
      turns += 1;
      await turn();
      if (turns % TURNS_MAX === 0) {
        await pause();
      }
    }
    report = withResult(report, search.result());
    onProgress?.({ ...report, worldsTotal: worlds.length });
  }
  return report;
}

/** The worlds of a part, in the order of their numbers. */
function worldsOf({ part = { index: 0, count: 1 } }: Pick<ExhaustOptions, 'part'>): readonly SmallWorld[] {
  return smallWorlds().filter(({ number }) => number % part.count === part.index);
}

/** Puts the reports of two parts together. */
export function addReports(a: ExhaustReport, b: ExhaustReport): ExhaustReport {
  return { ...withResult(a, b), worlds: a.worlds + b.worlds };
}

function beginSearchOf(world: SmallWorld, options: ExhaustOptions): WorldSearch {
  const { faultsMax = 2, mergesStates = true } = options;
  return beginSearch(world, { subject: options, faultsMax, mergesStates, examplesMax: EXAMPLES_MAX });
}

function withResult(report: ExhaustReport, result: SearchResult): ExhaustReport {
  const examples = [...report.examples, ...result.examples].sort((a, b) => a.world - b.world);
  return {
    worlds: report.worlds + 1,
    histories: report.histories + result.histories,
    wrong: report.wrong + result.wrong,
    runs: report.runs + result.runs,
    examples,
  };
}
