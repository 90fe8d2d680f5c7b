import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, describe, expect, it } from 'vitest';
import { type BatchStore, listBatches, type StoredBatch } from './batch-store.ts';
import type { FailedBatch } from './failed-batch.ts';
import { createFolderBatchStore } from './folder-batch-store.ts';
import { type RedriveAccess, redriveBatch } from './redrive-batch.ts';

const folder = mkdtempSync(join(tmpdir(), 'redrive-batch-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tableStream = 'arn:aws:dynamodb:eu-west-1:000000000000:table/StateTable/stream/1';
const batchOf = (key: string, more: Partial<FailedBatch> = {}): FailedBatch => ({
  id: 'b1',
  key,
  givenUpAt: '2025-11-23T08:00:00.000Z',
  condition: 'RetryAttemptsExhausted',
  functionError: 'Unhandled',
  functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:map:live',
  invocations: 1,
  streamArn: tableStream,
  shardId: 'shardId-1',
  records: [{ eventID: '1', dynamodb: {} }],
  ...more,
});

/** A function that knows what it has applied. */
function rememberingAccess(): RedriveAccess & { readonly invocations: () => number } {
  const applied = new Set<string>();
  let invocations = 0;
  const send = async ({ input }: InvokeCommand) => {
    invocations += 1;
    const { Records } = JSON.parse(String(input.Payload)) as { Records: { eventID: string }[] };
    const fresh = Records.filter(({ eventID }) => !applied.has(eventID));
    for (const { eventID } of fresh) {
      applied.add(eventID);
    }
    const counts = { applied: fresh.length, alreadyApplied: Records.length - fresh.length };
    return { Payload: Buffer.from(JSON.stringify({ redriven: counts })) };
  };
  return {
    kinesis: { send: async () => ({}) } as never,
    lambda: { send } as never,
    now: () => 0,
    sleep: async () => {},
    by: 'test',
    invocations: () => invocations,
  };
}

async function batchesOf(store: BatchStore): Promise<readonly StoredBatch[]> {
  const batches: StoredBatch[] = [];
  for await (const batch of listBatches(store)) {
    batches.push(batch);
  }
  return batches;
}

describe('redriveBatch', () => {
  const key = 'aws/lambda/m/shardId-1/2025/11/23/a';

  it('notes what it did beside the batch, and keeps the batch', async () => {
    const store = createFolderBatchStore(folder);
    await store.write(key, '{}');
    const note = await redriveBatch(batchOf(key), { store, access: rememberingAccess(), deletes: false });
    expect(note).toEqual({
      redrivenAt: '1970-01-01T00:00:00.000Z',
      redrivenBy: 'test',
      records: 1,
      sent: 1,
      alreadyApplied: 0,
    });
    expect(await batchesOf(store)).toEqual([{ key, bytes: 2, isDone: true }]);
    expect(await store.read(key)).toBe('{}');
  });

  it('may be interrupted before its note, and adds nothing when it is done again', async () => {
    const store = createFolderBatchStore(folder);
    const access = rememberingAccess();
    const interrupted: BatchStore = { ...store, write: () => Promise.reject(new Error('killed')) };
    await expect(redriveBatch(batchOf(key), { store: interrupted, access, deletes: true })).rejects.toThrow(
      'killed',
    );
    expect(await store.read(key)).toBe('{}');
    expect(await redriveBatch(batchOf(key), { store, access, deletes: false })).toMatchObject({
      sent: 0,
      alreadyApplied: 1,
    });
  });

  it('leaves neither batch nor note where it deletes', async () => {
    const store = createFolderBatchStore(folder);
    await redriveBatch(batchOf(key), { store, access: rememberingAccess(), deletes: true });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files).toEqual([]);
  });

  it('has nothing to send for the closing of a window, and notes that', async () => {
    const store = createFolderBatchStore(folder);
    const access = rememberingAccess();
    await store.write('aws/lambda/m/s/b', '{}');
    await redriveBatch(batchOf('aws/lambda/m/s/b', { records: [] }), { store, access, deletes: false });
    expect(access.invocations()).toBe(0);
    expect(await batchesOf(store)).toMatchObject([{ key: 'aws/lambda/m/s/b', isDone: true }]);
  });

  it('refuses a batch of another service, and a key that leads out of the folder', async () => {
    const store = createFolderBatchStore(folder);
    const access = rememberingAccess();
    const queue = batchOf(key, { streamArn: 'arn:aws:sqs:eu-west-1:000000000000:queue' });
    await expect(redriveBatch(queue, { store, access, deletes: false })).rejects.toMatchObject({
      code: 'redrive-refused',
    });
    await expect(async () => store.read('aws/../../../etc/passwd')).rejects.toMatchObject({
      code: 'redrive-refused',
    });
  });
});
