export { describeFinding } from './describe-finding.ts';
export { type Finding, type FindingCause, type Judgement, judge, POINTS_PER_PERFECT_ROUND } from './judge.ts';
export type { AggregateReader, RoundOpener, RoundSettler } from './ports.ts';
export { type Round, RoundError } from './round.ts';
export { type ScoredRound, scoreRound, type Verdict } from './score-round.ts';
