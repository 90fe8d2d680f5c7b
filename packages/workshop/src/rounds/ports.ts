import type { Contribution } from '@oncefold/reducer';
import type { Round } from './round.ts';
import type { ScoredRound } from './score-round.ts';

/** Keeps rounds that begin, for the scoreboard. */
export interface RoundOpener {
  /**
   * Keeps a round that begins.
   *
   * A round that is there already stays as it is: an invocation that comes twice sends the same bytes, and what stood in
   * the aggregates before its first message is what the first invocation saw.
   *
   * @returns whether it is new or was there
   */
  open(round: Round): Promise<'opened' | 'known'>;
}

/** Finds rounds to be judged, and keeps what was judged. */
export interface RoundSettler {
  /**
   * Finds a round, as it stands now.
   *
   * @returns the round, or undefined where there is none of this name
   */
  find(name: string): Promise<Round | undefined>;
  /**
   * Keeps the verdict and adds the points to the score, both or neither, and once only however often it is asked for.
   *
   * @returns whether this verdict counts or another one did before
   */
  settle(scored: ScoredRound, judgedAt: number): Promise<'settled' | 'already-settled'>;
}

/** Reads every row of the aggregates, `message_count` among them, consistently. */
export type AggregateReader = () => Promise<Contribution>;
