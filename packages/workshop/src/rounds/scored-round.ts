import type { Finding, Judgement } from './judge.ts';
import type { AggregateReader, KeptRound } from './round.ts';

/**
 * - `perfect`: every row was exact in time.
 * - `late`: no row is known to be wrong, but some were not there in time.
 * - `failed`: something was lost, counted more than once, or is about no message.
 * - `void`: the next round may have begun before this one was read, so that nobody can say whose growth it is.
 */
export type Verdict = 'perfect' | 'late' | 'failed' | 'void';

/**
 * A row that was wrong in time, and what became of it.
 *
 * `late`: it became exact afterwards. `missing`: it was not there yet when it was looked at last, so that it is late or lost.
 * `lost`: it was not there when nothing was on its way any more.
 */
export type ScoredFinding = Omit<Finding, 'cause'> & {
  readonly cause: 'late' | 'missing' | 'lost' | 'duplicated' | 'unexpected';
};

/** A round with its verdict. */
export interface ScoredRound extends Omit<Judgement, 'findings'> {
  readonly name: string;
  readonly verdict: Verdict;
  /** 0 to 100. */
  readonly points: number;
  readonly findings: readonly ScoredFinding[];
}

/** Finds rounds to be judged, and keeps their verdicts. */
export interface VerdictStore {
  /** Finds a round; undefined where there is none of this name. */
  find(name: string): Promise<KeptRound | undefined>;
  /**
   * Records the verdict and adds the points to the score, both or neither, and once only however often it is asked for.
   */
  record(scored: ScoredRound, judgedAt: number): Promise<'recorded' | 'already-recorded'>;
}

/** What a scoreboard works with. */
export interface ScorePorts {
  readonly rounds: VerdictStore;
  readonly readAggregates: AggregateReader;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits for so many milliseconds, before the next look at rows that are not there yet. */
  readonly pause: (ms: number) => Promise<unknown>;
  /** Says whether nothing is on its way to the sums any more. Absent where nobody knows. */
  readonly isAtRest?: () => boolean;
}
