export {
  type BatchStore,
  type DismissalNote,
  deleteDone,
  listBatches,
  type RedriveNote,
  writeNote,
} from './batch-store.ts';
export { RedriveRefusedError, RedriveUndecidedError } from './errors.ts';
export { type BatchRecord, type FailedBatch, readFailedBatch, shortId } from './failed-batch.ts';
export { createFolderBatchStore } from './folder-batch-store.ts';
export { listQuarantined, type QuarantinedRecord, readPayload } from './quarantined-record.ts';
export { type ListedBatch, readBatches } from './read-batches.ts';
export { type RedriveAccess, redriveBatch, wayOf } from './redrive-batch.ts';
export { isOfStream, type QuarantineOutcome, redriveQuarantined } from './redrive-quarantined.ts';
export { createS3BatchStore } from './s3-batch-store.ts';
