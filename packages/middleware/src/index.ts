export {
  type CommitOnceOptions,
  type CommitResponse,
  commitOnce,
  type FoldHandler,
  type RecordFold,
} from './commit-once.ts';
export {
  type EventIdentity,
  identifyRecords,
  type RecordIdentity,
  type StreamEvent,
  type StreamRecord,
} from './record-identity.ts';
export { type RequestTokenContext, type RequestTokenOptions, requestToken } from './request-token.ts';
