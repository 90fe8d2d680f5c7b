import type { Contribution } from '@oncefold/reducer';
import { type Judgement, judge, owedBy, POINTS_PER_PERFECT_ROUND } from './judge.ts';
import { lookAgain } from './look-again.ts';
import { type Round, RoundError } from './round.ts';
import type { ScoredFinding, ScoredRound, ScorePorts, Verdict, VerdictStore } from './scored-round.ts';

/**
 * Judges a round and keeps the score.
 *
 * Points are for what is exact at the first look. Rows that are not there by then are looked at again for a while, only to tell
 * what is late from what is lost.
 *
 * @param options.roundLengthMs - the next round begins this long after the beginning of this one; absent when rounds wait for
 * each other
 * @param options.lookAgainMs - how long rows that are not there are looked at again, at most
 */
export async function scoreRound(
  name: string,
  ports: ScorePorts,
  options: { readonly roundLengthMs?: number; readonly lookAgainMs: number },
): Promise<{ readonly scored: ScoredRound; readonly outcome: 'recorded' | 'already-recorded' }> {
  const { rounds, readAggregates, now } = ports;
  const { roundLengthMs = Number.POSITIVE_INFINITY, lookAgainMs } = options;
  const round = await rounds.find(name);
  if (round === undefined) {
    throw new RoundError('unknown-round', 'There is no round of this name.');
  }
  const { owed, isJudged } = await owedByPrevious(round, rounds, roundLengthMs);
  // Asked before the reading: what the sums say then is at least as new.
  const wasAtRest = ports.isAtRest?.() ?? false;
  const inTime = judge(round, await readAggregates(), owed);
  // Asked after the reading: a reading that took too long is as void as one that began too late.
  const judgedAt = now();
  const isTooLate = judgedAt - round.openedAt >= roundLengthMs;
  const until = isTooLate ? judgedAt : Math.min(judgedAt + lookAgainMs, round.openedAt + roundLengthMs);
  const { last, isAtRest } = await lookAgain(
    { last: inTime, isAtRest: wasAtRest },
    { ...ports, until, judge: (after) => judge(round, after, owed) },
  );
  const findings = findingsOf(inTime, last, isAtRest);
  const verdict: Verdict = isTooLate ? 'void' : verdictOf(findings);
  const points = verdict === 'perfect' ? POINTS_PER_PERFECT_ROUND : 0;
  const arrears = isJudged ? last.arrears : [];
  const scored: ScoredRound = { name, verdict, points, rows: last.rows, findings, arrears };
  return { scored, outcome: await rounds.record(scored, judgedAt) };
}

/** Rounds of a schedule are named by their time, so that the one before has a name, too. */
async function owedByPrevious(
  round: Round,
  rounds: VerdictStore,
  roundLengthMs: number,
): Promise<{ readonly owed: Contribution; readonly isJudged: boolean }> {
  const time = Date.parse(round.name) - roundLengthMs;
  const previous = Number.isFinite(time) ? await rounds.find(new Date(time).toISOString()) : undefined;
  return previous === undefined
    ? { owed: new Map(), isJudged: false }
    : { owed: owedBy(previous, round), isJudged: previous.isJudged };
}

/** What is wrong at the last look, and what was wrong only in time. */
function findingsOf(inTime: Judgement, last: Judgement, isAtRest: boolean): readonly ScoredFinding[] {
  const stillWrong = new Set(last.findings.map(({ key }) => key));
  const late = inTime.findings.filter(({ key }) => !stillWrong.has(key));
  return [
    ...late.map((finding): ScoredFinding => ({ ...finding, cause: 'late' })),
    ...last.findings.map(
      (finding): ScoredFinding =>
        finding.cause === 'missing' && isAtRest ? { ...finding, cause: 'lost' } : finding,
    ),
  ].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function verdictOf(findings: readonly ScoredFinding[]): Verdict {
  if (findings.length === 0) {
    return 'perfect';
  }
  return findings.every(({ cause }) => cause === 'late' || cause === 'missing') ? 'late' : 'failed';
}
