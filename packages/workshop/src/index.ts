export { createWorkload } from './load/create-workload.ts';
export { createDimensions, labDimensions, namedDimensions } from './load/dimensions.ts';
export { type Bounds, type Truth, truthOf } from './load/truth-of.ts';
export type { TradeClaim, Workload } from './load/workload.ts';
export { describeArrear, describeFinding } from './rounds/describe-finding.ts';
export { judge } from './rounds/judge.ts';
export type { Round } from './rounds/round.ts';
export { scoreRound } from './rounds/score-round.ts';
export type { ScoredRound } from './rounds/scored-round.ts';
