import { type Judgement, judge, POINTS_PER_PERFECT_ROUND } from './judge.ts';
import type { AggregateReader, RoundSettler } from './ports.ts';
import { RoundError } from './round.ts';

/** `void`: the next round may have begun before this one was looked at, so that nobody can say whose growth it is. */
export type Verdict = 'perfect' | 'failed' | 'void';

/** A round with its verdict. */
export interface ScoredRound extends Judgement {
  readonly name: string;
  readonly verdict: Verdict;
  /** 0 to 100. */
  readonly points: number;
}

/**
 * Judges a round and keeps the score.
 *
 * @param name - of the round
 * @param ports.rounds - where the round is kept
 * @param ports.readAggregates - reads what the pipeline has made of it
 * @param ports.now - the clock, in milliseconds since the epoch
 * @param options.roundLength_ms - so long after its beginning the next round begins; absent when rounds wait for each other
 * @returns the round, and whether this verdict counts
 * @throws {@link RoundError} when there is no such round; what the ports throw
 */
export async function scoreRound(
  name: string,
  ports: {
    readonly rounds: RoundSettler;
    readonly readAggregates: AggregateReader;
    readonly now: () => number;
  },
  options: { readonly roundLength_ms?: number } = {},
): Promise<{ readonly scored: ScoredRound; readonly outcome: 'settled' | 'already-settled' }> {
  const { rounds, readAggregates, now } = ports;
  const round = await rounds.find(name);
  if (round === undefined) {
    throw new RoundError('unknown-round', 'There is no round of this name.');
  }
  const judgement = judge(round, await readAggregates());
  // Asked after the reading: a reading that took too long is as void as one that began too late.
  const judgedAt = now();
  const isTooLate = judgedAt - round.openedAt >= (options.roundLength_ms ?? Number.POSITIVE_INFINITY);
  const verdict: Verdict = isTooLate ? 'void' : judgement.findings.length === 0 ? 'perfect' : 'failed';
  const points = verdict === 'perfect' ? POINTS_PER_PERFECT_ROUND : 0;
  const scored: ScoredRound = { name, verdict, points, ...judgement };
  return { scored, outcome: await rounds.settle(scored, judgedAt) };
}
