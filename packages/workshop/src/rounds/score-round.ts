import { type Judgement, judge, POINTS_PER_PERFECT_ROUND } from './judge.ts';
import { type AggregateReader, type Round, RoundError } from './round.ts';

/** `void`: the next round may have begun before this one was read, so that nobody can say whose growth it is. */
export type Verdict = 'perfect' | 'failed' | 'void';

/** A round with its verdict. */
export interface ScoredRound extends Judgement {
  readonly name: string;
  readonly verdict: Verdict;
  /** 0 to 100. */
  readonly points: number;
}

/** Finds rounds to be judged, and keeps their verdicts. */
export interface VerdictStore {
  /** Finds a round; undefined where there is none of this name. */
  find(name: string): Promise<Round | undefined>;
  /**
   * Records the verdict and adds the points to the score, both or neither, and once only however often it is asked for.
   */
  record(scored: ScoredRound, judgedAt: number): Promise<'recorded' | 'already-recorded'>;
}

/**
 * Judges a round and keeps the score.
 *
 * @param ports.now - milliseconds since the epoch
 * @param options.roundLengthMs - the next round begins this long after the beginning of this one; absent when rounds wait for
 * each other
 */
export async function scoreRound(
  name: string,
  ports: {
    readonly rounds: VerdictStore;
    readonly readAggregates: AggregateReader;
    readonly now: () => number;
  },
  options: { readonly roundLengthMs?: number } = {},
): Promise<{ readonly scored: ScoredRound; readonly outcome: 'recorded' | 'already-recorded' }> {
  const { rounds, readAggregates, now } = ports;
  const round = await rounds.find(name);
  if (round === undefined) {
    throw new RoundError('unknown-round', 'There is no round of this name.');
  }
  const judgement = judge(round, await readAggregates());
  // Asked after the reading: a reading that took too long is as void as one that began too late.
  const judgedAt = now();
  const isTooLate = judgedAt - round.openedAt >= (options.roundLengthMs ?? Number.POSITIVE_INFINITY);
  const verdict: Verdict = isTooLate ? 'void' : judgement.findings.length === 0 ? 'perfect' : 'failed';
  const points = verdict === 'perfect' ? POINTS_PER_PERFECT_ROUND : 0;
  const scored: ScoredRound = { name, verdict, points, ...judgement };
  return { scored, outcome: await rounds.record(scored, judgedAt) };
}
