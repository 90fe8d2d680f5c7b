import { expect, it } from 'vitest';
import type { BatchStore } from './batch-store.ts';
import { type ListedBatch, readBatches } from './read-batches.ts';

it('says of an object that is too large for a batch why it is not read', async () => {
  const key = 'aws/lambda/mapping/shard/large';
  const store: BatchStore = {
    async *list(prefix) {
      if (key.startsWith(prefix)) {
        yield { key, bytes: 65 * 1024 * 1024 };
      }
    },
    read: () => Promise.reject(new Error('it is not to be read')),
    write: () => Promise.resolve(),
    delete: () => Promise.resolve(),
  };
  const listed: ListedBatch[] = [];
  for await (const batch of readBatches(store)) {
    listed.push(batch);
  }
  expect(listed).toMatchObject([
    { code: 'unreadable', key, reason: 'it is larger than an invocation can be' },
  ]);
});
