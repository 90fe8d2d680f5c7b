import { type BatchStore, listBatches, type StoredBatch } from './batch-store.ts';
import { type ReadBatch, readFailedBatch, shortId } from './failed-batch.ts';

/** Largest object that is read: an invocation has 6 MB, and its text may have each byte as six. */
const OBJECT_BYTES_MAX = 64 * 1024 * 1024;

/** What an object is, or that it was redriven or dismissed before. */
export type ListedBatch = ReadBatch | { readonly code: 'done'; readonly key: string };

/** What lies where failed batches are kept, one after the other: only what is open is read. */
export async function* readBatches(
  store: BatchStore,
  signal?: AbortSignal | undefined,
): AsyncGenerator<ListedBatch> {
  for await (const stored of listBatches(store)) {
    signal?.throwIfAborted();
    yield await readBatch(store, stored);
  }
}

async function readBatch(store: BatchStore, { key, bytes, isDone }: StoredBatch): Promise<ListedBatch> {
  if (isDone) {
    return { code: 'done', key };
  }
  if (bytes > OBJECT_BYTES_MAX) {
    const reason = 'it is larger than an invocation can be';
    return { code: 'unreadable', id: shortId('b', key), key, reason };
  }
  return readFailedBatch(key, await store.read(key));
}
