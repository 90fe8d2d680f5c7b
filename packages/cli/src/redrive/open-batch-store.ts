import type { S3Client } from '@aws-sdk/client-s3';
import { type BatchStore, createFolderBatchStore, createS3BatchStore } from '@oncefold/operations/redrive';
import type { FailedBatchOptions } from '../tables/failed-batch-options.ts';

/** What is said where no place is named. */
export const NOT_LOOKED_FOR =
  'batches that were given up were not looked for: name --stack, --bucket or --failed-batches';

/** The place of the batches that were given up; nothing where none is named. */
export function openBatchStore(
  { bucket, failedBatches }: FailedBatchOptions,
  s3: S3Client,
): BatchStore | undefined {
  if (failedBatches !== undefined) {
    return createFolderBatchStore(failedBatches);
  }
  return bucket === undefined ? undefined : createS3BatchStore(s3, bucket);
}
