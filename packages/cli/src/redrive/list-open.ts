import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import {
  type BatchStore,
  type FailedBatch,
  isOfStream,
  listBatches,
  listQuarantined,
  type QuarantinedRecord,
  readFailedBatch,
} from '@oncefold/operations/redrive';
import type { TableAccess } from '@oncefold/operations/tables';

/** Largest object that is read: an invocation has 6 MB, and its text may have each byte as six. */
const OBJECT_BYTES_MAX = 64 * 1024 * 1024;

/** Something that can be redriven, or why it cannot. */
export type Entry =
  | { readonly kind: 'batch'; readonly id: string; readonly batch: FailedBatch }
  | {
      readonly kind: 'quarantined';
      readonly id: string;
      readonly record: QuarantinedRecord;
      readonly isOfStream: boolean;
    }
  | { readonly kind: 'unreadable'; readonly id: string; readonly key: string; readonly reason: string };

/** Something that was redriven before. */
export interface DoneEntry {
  readonly kind: 'done';
  /** Key of the object; undefined for a quarantined record. */
  readonly batchKey: string | undefined;
}

/** What is open, one after the other: one batch is in memory at a time, unless whoever asks keeps it. */
export async function* listOpen(sources: {
  readonly store: BatchStore | undefined;
  readonly tables: TableAccess;
  readonly quarantineTable: string;
}): AsyncGenerator<Entry | DoneEntry> {
  const { store, tables, quarantineTable } = sources;
  if (store !== undefined) {
    for await (const { key, bytes, isRedriven } of listBatches(store)) {
      tables.signal?.throwIfAborted();
      if (isRedriven) {
        yield { kind: 'done', batchKey: key };
        continue;
      }
      const read =
        bytes > OBJECT_BYTES_MAX
          ? readFailedBatch(key, '"larger than an invocation can be"')
          : readFailedBatch(key, await store.read(key));
      yield read.code === 'batch'
        ? { kind: 'batch', id: read.batch.id, batch: read.batch }
        : { kind: 'unreadable', id: read.id, key, reason: read.reason };
    }
  }
  try {
    for await (const record of listQuarantined(tables, quarantineTable)) {
      yield record.redrivenAt === undefined
        ? { kind: 'quarantined', id: record.id, record, isOfStream: isOfStream(record) }
        : { kind: 'done', batchKey: undefined };
    }
  } catch (error) {
    // An application of one's own may have none.
    if (!(error instanceof ResourceNotFoundException)) {
      throw error;
    }
  }
}
