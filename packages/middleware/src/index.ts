export type { FoldedRecord, RecordContribution } from './check-contributions.ts';
export {
  type CommitOnceOptions,
  type CommitResponse,
  commitOnce,
  type FailedCommit,
  type Fold,
  type LambdaContext,
} from './commit-once.ts';
export {
  type Change,
  type ImageOf,
  type ImagesRecord,
  type NeededView,
  readImages,
  StreamViewError,
} from './read-images.ts';
export {
  type DynamoDbRecord,
  type EventIdentity,
  type IdentityOptions,
  identifyRecords,
  type KinesisRecord,
  type RecordIdentity,
  type SourceEvent,
  type SourceRecord,
  type SqsRecord,
  type StreamEvent,
  type StreamRecord,
} from './record-identity.ts';
export {
  type RequestTokenContext,
  type RequestTokenMiddleware,
  type RequestTokenOptions,
  requestToken,
} from './request-token.ts';
