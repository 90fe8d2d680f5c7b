export { type CommitComposition, composeCommit } from './commit/compose-commit.ts';
export { clientOptions } from './environment/client-options.ts';
export { composeStage, REQUESTS_MAX, type Stage } from './environment/compose-stage.ts';
export { EnvironmentError, readEnvironment } from './environment/environment.ts';
export { readHierarchy } from './environment/read-hierarchy.ts';
export { composeVersionMetrics, percentageOf, type Shares } from './metrics/version-metrics.ts';
export {
  createRecountGuard,
  type GuardedRecounts,
  guardedBy,
  type RecountGuard,
  readGuarded,
} from './recount/recount-guard.ts';
export {
  composeRecountReader,
  createRecountReader,
  noRecounts,
  type ReadRecounts,
} from './recount/recount-reader.ts';
export { RedriveRefusedError } from './redrive/redrive-refused-error.ts';
export { readRedriveRequest } from './redrive/redrive-request.ts';
export type { RedriveAnswer } from './redrive/with-redrive.ts';
export { withRedrive } from './redrive/with-redrive.ts';
export { addAgeMetrics } from './stream-records/record-ages.ts';
