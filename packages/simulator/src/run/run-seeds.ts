import type { Simulation } from '../application.ts';
import type { FaultKind } from '../faults/fault-kinds.ts';
import { type HistoryResult, runHistory, type Scenario } from '../run-history.ts';
import { createPause, type Turn } from '../scheduler/turn.ts';

/** Which seeds are run, and how. */
export interface SeedOptions extends Omit<Scenario, 'seed'> {
  readonly from: number;
  readonly count: number;
  readonly turn: Turn;
  /** Called for each history when it has ended; false ends the run. */
  readonly onHistory?: (result: HistoryResult) => boolean | undefined;
}

/** What a run of many histories has come to. */
export interface RunSummary {
  readonly histories: number;
  readonly events: number;
  readonly records: number;
  /** How often each fault was injected. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** In how many histories each thing was met: outcomes, branches of the commit, states of the mapping. */
  readonly met: Readonly<Record<string, number>>;
  /** Seeds with violations, lowest first. */
  readonly violating: readonly { readonly seed: number; readonly violations: HistoryResult['violations'] }[];
}

/**
 * Runs the histories of consecutive seeds, one after the other.
 *
 * Several at once could share the turns in which promises run, but that costs more than it saves: with one, most of what a history
 * has made is garbage before it would have to be moved.
 */
export async function runSeeds(simulation: Simulation, options: SeedOptions): Promise<RunSummary> {
  const { from, count, turn, onHistory, ...scenario } = options;
  const tally = createTally();
  const pause = createPause();
  for (let seed = from; seed < from + count; seed += 1) {
    const result = await runHistory(simulation, { ...scenario, seed }, { turn });
    tally.add(result);
    if (onHistory?.(result) === false) {
      break;
    }
    await pause();
  }
  return tally.summary();
}

/** Adds summaries of parts of one run up. */
export function mergeSummaries(summaries: readonly RunSummary[]): RunSummary {
  const sum = (value: (summary: RunSummary) => number): number =>
    summaries.reduce((total, summary) => total + value(summary), 0);
  return {
    histories: sum(({ histories }) => histories),
    events: sum(({ events }) => events),
    records: sum(({ records }) => records),
    faults: addCounts(summaries.map(({ faults }) => faults)),
    met: addCounts(summaries.map(({ met }) => met)),
    violating: summaries.flatMap(({ violating }) => violating).sort((a, b) => a.seed - b.seed),
  };
}

function createTally(): { add(result: HistoryResult): void; summary(): RunSummary } {
  const faults: Record<string, number> = {};
  const met: Record<string, number> = {};
  const violating: { seed: number; violations: HistoryResult['violations'] }[] = [];
  let histories = 0;
  let events = 0;
  let records = 0;
  return {
    add: (result) => {
      histories += 1;
      events += result.events;
      records += result.records.length;
      for (const fault of result.faults) {
        const kind = fault.slice(0, fault.lastIndexOf(':'));
        faults[kind] = (faults[kind] ?? 0) + 1;
      }
      for (const name of result.met) {
        met[name] = (met[name] ?? 0) + 1;
      }
      if (result.violations.length > 0) {
        violating.push({ seed: result.scenario.seed, violations: result.violations });
      }
    },
    summary: () => ({
      histories,
      events,
      records,
      faults,
      met,
      violating: violating.sort((a, b) => a.seed - b.seed),
    }),
  };
}

function addCounts(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const each of counts) {
    for (const [name, count] of Object.entries(each)) {
      total[name] = (total[name] ?? 0) + count;
    }
  }
  return total;
}
