import { type BatchStore, listBatches } from './batch-store.ts';
import { type ReadBatch, readFailedBatch } from './failed-batch.ts';

/** Largest object that is read: an invocation has 6 MB, and its text may have each byte as six. */
const OBJECT_BYTES_MAX = 64 * 1024 * 1024;

/** What an object is, or that it was redriven before. */
export type ListedBatch = ReadBatch | { readonly code: 'redriven'; readonly key: string };

/** What lies where failed batches are kept, one after the other: only what is open is read. */
export async function* readBatches(
  store: BatchStore,
  signal?: AbortSignal | undefined,
): AsyncGenerator<ListedBatch> {
  for await (const { key, bytes, isRedriven } of listBatches(store)) {
    signal?.throwIfAborted();
    if (isRedriven) {
      yield { code: 'redriven', key };
    } else {
      const text = bytes > OBJECT_BYTES_MAX ? '"larger than an invocation can be"' : await store.read(key);
      yield readFailedBatch(key, text);
    }
  }
}
