import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import {
  type BatchStore,
  type FailedBatch,
  isOfStream,
  type ListedBatch,
  listQuarantined,
  type QuarantinedRecord,
  readBatches,
} from '@oncefold/operations/redrive';
import type { TableAccess } from '@oncefold/operations/tables';

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

/** Something that was redriven or dismissed before. */
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
    for await (const listed of readBatches(store, tables.signal)) {
      yield entryOf(listed);
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

function entryOf(listed: ListedBatch): Entry | DoneEntry {
  switch (listed.code) {
    case 'batch':
      return { kind: 'batch', id: listed.batch.id, batch: listed.batch };
    case 'unreadable':
      return { kind: 'unreadable', id: listed.id, key: listed.key, reason: listed.reason };
    case 'done':
      return { kind: 'done', batchKey: listed.key };
  }
}
