export { createWorkload } from './load/create-workload.ts';
export { createDimensions, labDimensions, namedDimensions } from './load/dimensions.ts';
export { type Bounds, type Truth, truthOf } from './load/truth-of.ts';
export type { TradeClaim, Workload } from './load/types.ts';
export { describeFinding } from './rounds/describe-finding.ts';
export {
  type Finding,
  type FindingCause,
  type Judgement,
  judge,
  POINTS_PER_PERFECT_ROUND,
} from './rounds/judge.ts';
export type { AggregateReader, RoundOpener, RoundSettler } from './rounds/ports.ts';
export { type Round, RoundError } from './rounds/round.ts';
export { type ScoredRound, scoreRound, type Verdict } from './rounds/score-round.ts';
