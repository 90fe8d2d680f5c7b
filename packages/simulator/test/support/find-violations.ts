import {
  beginHistory,
  createTurn,
  type FaultKind,
  type HistoryResult,
  type Simulation,
} from '../../src/index.ts';

/** Histories that share the turns of the event loop. */
const LANES = 32;

/** Which histories are made. */
export interface SeedRange {
  readonly from?: number;
  readonly seeds: number;
  readonly faults?: readonly FaultKind[] | undefined;
  /** Ends with the first history that is wrong. */
  readonly isFirstEnough?: boolean;
}

/** What the histories of some seeds came to. */
export interface Findings {
  readonly histories: number;
  /** Histories with a violation, by their seeds. */
  readonly wrong: readonly HistoryResult[];
  readonly results: readonly HistoryResult[];
}

/** Makes the histories of a range of seeds. */
export async function findViolations(
  simulation: Simulation,
  { from = 0, seeds, faults, isFirstEnough = false }: SeedRange,
): Promise<Findings> {
  const turn = createTurn();
  const results: HistoryResult[] = [];
  for (let first = from; first < from + seeds; first += LANES) {
    const lanes = Array.from({ length: Math.min(LANES, from + seeds - first) }, (_, lane) =>
      beginHistory(simulation, { seed: first + lane, faults }),
    );
    let running = lanes;
    while (running.length > 0) {
      running = running.filter((run) => run.advance() === 'turn');
      await turn();
    }
    results.push(...lanes.map((run) => run.result()));
    if (isFirstEnough && results.some(({ violations }) => violations.length > 0)) {
      break;
    }
  }
  const wrong = results.filter(({ violations }) => violations.length > 0);
  return { histories: results.length, wrong, results };
}
