import { createTurn, type Turn } from '../scheduler/turn.ts';
import { beginSearch, type SearchResult, type WorldSearch, type WrongHistory } from './search-world.ts';
import { type SmallWorld, smallWorlds } from './small-world.ts';
import type { WorldSubject } from './world-run.ts';

/** Worlds that share the turns of the event loop. */
const LANES = 64;
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
  let report: ExhaustReport = { worlds: 0, histories: 0, wrong: 0, runs: 0, examples: [] };
  const waiting = [...worldsOf(options)].reverse();
  const worldsTotal = waiting.length;
  let searches: WorldSearch[] = [];
  for (;;) {
    while (searches.length < LANES && waiting.length > 0) {
      searches.push(beginSearchOf(waiting.pop() as SmallWorld, options));
    }
    if (searches.length === 0) {
      return { ...report, examples: [...report.examples].sort((a, b) => a.world - b.world) };
    }
    const running: WorldSearch[] = [];
    for (const search of searches) {
      if (search.advance() === 'turn') {
        running.push(search);
        continue;
      }
      report = sumOf(report, search.result());
      onProgress?.({ ...report, worldsTotal });
    }
    searches = running;
    await turn();
  }
}

/** The worlds of a part, in the order of their numbers. */
export function worldsOf({
  part = { index: 0, count: 1 },
}: Pick<ExhaustOptions, 'part'>): readonly SmallWorld[] {
  return smallWorlds().filter(({ number }) => number % part.count === part.index);
}

/** Puts the reports of two parts together. */
export function addReports(a: ExhaustReport, b: ExhaustReport): ExhaustReport {
  return { ...sumOf(a, b), worlds: a.worlds + b.worlds };
}

function beginSearchOf(world: SmallWorld, options: ExhaustOptions): WorldSearch {
  const { faultsMax = 2, mergesStates = true } = options;
  return beginSearch(world, { subject: options, faultsMax, mergesStates, examplesMax: EXAMPLES_MAX });
}

function sumOf(report: ExhaustReport, result: SearchResult): ExhaustReport {
  const examples: readonly WrongHistory[] =
    result.examples.length === 0 ? report.examples : [...report.examples, ...result.examples];
  return {
    worlds: report.worlds + 1,
    histories: report.histories + result.histories,
    wrong: report.wrong + result.wrong,
    runs: report.runs + result.runs,
    examples,
  };
}
