export { type CommitComposition, composeCommit } from './commit/compose-commit.ts';
export { publishCommit } from './commit/publish-commit.ts';
export { createFunctionDynamoDb } from './environment/create-function-dynamodb.ts';
export { type Environment, EnvironmentError, readEnvironment } from './environment/environment.ts';
export {
  type InducedFailuresMiddleware,
  inducedFailures,
  induceFailures,
} from './induced-failures/induced-failures.ts';
export {
  HEAD_BYTES_MAX,
  PART_BYTES_MAX,
  type QuarantineItem,
  quarantineItems,
} from './quarantine/quarantine-items.ts';
export { type QuarantineOptions, quarantineRecord, type Refusal } from './quarantine/quarantine-record.ts';
export { type Change, type Image, readImages } from './stream-records/read-images.ts';
export { recordAges } from './stream-records/record-ages.ts';
