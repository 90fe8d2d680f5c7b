import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { type BatchStore, deleteDone, type RedriveNote, writeNote } from './batch-store.ts';
import { RedriveRefusedError } from './errors.ts';
import type { FailedBatch } from './failed-batch.ts';
import { invokeRedrive, type RedriveCounts } from './invoke-redrive.ts';
import { putRecords } from './put-records.ts';

/** What a redrive works with. */
export interface RedriveAccess {
  readonly kinesis: Pick<KinesisClient, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Who redrives, for the record that is kept. */
  readonly by: string;
  /** Largest event of one invocation; absent: what Lambda takes. */
  readonly payloadBytesMax?: number | undefined;
}

/** By which way a batch is handed in again: by its stream, or by its function. */
export function wayOf({ streamArn }: Pick<FailedBatch, 'streamArn'>): 'stream' | 'function' {
  const [, , service] = streamArn.split(':');
  if (service === 'kinesis') {
    return 'stream';
  }
  if (service === 'dynamodb') {
    return 'function';
  }
  throw new RedriveRefusedError(`${streamArn} is no stream of Kinesis or DynamoDB`);
}

/**
 * Sends a batch that was given up again, and notes that beside it.
 *
 * Whatever was applied of it counts once: records of Kinesis go into their stream once more, where versions decide; records of a
 * table go to the function that did not get them, through a guard that knows what is applied. So it may be interrupted
 * anywhere and be done again.
 */
export async function redriveBatch(
  batch: FailedBatch,
  options: { readonly store: BatchStore; readonly access: RedriveAccess; readonly deletes: boolean },
): Promise<RedriveNote> {
  const { store, access, deletes } = options;
  const counts = await send(batch, access);
  const note: RedriveNote = {
    redrivenAt: new Date(access.now()).toISOString(),
    redrivenBy: access.by,
    records: batch.records.length,
    ...counts,
  };
  await writeNote(store, batch.key, note);
  if (deletes) {
    await deleteDone(store, batch.key);
  }
  return note;
}

function send(batch: FailedBatch, access: RedriveAccess): Promise<RedriveCounts> {
  if (batch.records.length === 0) {
    // The invocation that closes a tumbling window: there is nothing in it, and no function waits for it.
    return Promise.resolve({ sent: 0, alreadyApplied: 0 });
  }
  return wayOf(batch) === 'stream'
    ? putBatch(batch, access)
    : invokeRedrive(access.lambda, batch, access.payloadBytesMax);
}

async function putBatch(batch: FailedBatch, { kinesis, sleep }: RedriveAccess): Promise<RedriveCounts> {
  const records = batch.records.map(({ kinesis: record }, index) => {
    if (record === undefined) {
      throw new RedriveRefusedError(`record ${index} of ${batch.key} is none of Kinesis`);
    }
    return { data: Buffer.from(record.data, 'base64'), partitionKey: record.partitionKey };
  });
  const stream = batch.streamArn.replace(/^.*:stream\//, '').replace(/\/consumer\/.*$/, '');
  await putRecords(kinesis, { stream, sleep }, records);
  return { sent: records.length, alreadyApplied: 0 };
}
