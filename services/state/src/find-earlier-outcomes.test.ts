import { quarantineItems } from '@oncefold/middleware/quarantine';
import { startAttempts } from '@oncefold/versioned-upsert';
import { describe, expect, it } from 'vitest';
import { decidedRecord } from '../test/support/decided.ts';
import { createMemoryQuarantineStore } from '../test/support/memory-quarantine-store.ts';
import { recordKeyOf } from '../test/support/stream.ts';
import { createVirtualClock } from '../test/support/virtual-clock.ts';
import { findEarlierConflicts } from './find-earlier-outcomes.ts';
import type { QuarantineStore } from './quarantine-store.ts';

const options = () => ({ attempts: startAttempts(createVirtualClock(), 10_000), requestsMax: 2 });
const never = new AbortController().signal;
const stale = (id: string) => decidedRecord(id, { outcome: 'stale' });
const conflict = { outcome: 'conflict', reason: 'version-conflict', detail: 'Version' } as const;

async function storeWith(id: string, reason: string): Promise<QuarantineStore> {
  const store = createMemoryQuarantineStore();
  const { identity } = stale(id).record;
  await store.put(quarantineItems({ identity, reason, detail: '', payload: new Uint8Array() }), never);
  return store;
}

describe('findEarlierConflicts', () => {
  it('takes a stale record for the conflict as which an earlier delivery has quarantined it', async () => {
    const store = await storeWith('b', 'version-conflict');
    const records = [stale('a'), stale('b'), decidedRecord('c', { outcome: 'applied' })];
    expect(await findEarlierConflicts(records, store, options())).toEqual([
      records[0],
      { ...records[1], decision: conflict },
      records[2],
    ]);
  });

  it('leaves a record stale that was quarantined for another reason', async () => {
    const store = await storeWith('a', 'unreadable-state');
    expect(await findEarlierConflicts([stale('a')], store, options())).toEqual([stale('a')]);
  });

  it('asks for up to 100 stale records at once, and for nothing else', async () => {
    const requests: number[] = [];
    const memory = createMemoryQuarantineStore();
    const store: QuarantineStore = {
      ...memory,
      find: (keys, signal) => {
        requests.push(keys.length);
        return memory.find(keys, signal);
      },
    };
    await findEarlierConflicts([decidedRecord('a', { outcome: 'duplicate' })], store, options());
    expect(requests).toEqual([]);
    await findEarlierConflicts(
      Array.from({ length: 101 }, (_none, index) => stale(String(index))),
      store,
      options(),
    );
    expect(requests).toEqual([100, 1]);
  });

  it('asks again for what was not answered, and fails what it cannot find out in time', async () => {
    let calls = 0;
    const store: QuarantineStore = {
      ...createMemoryQuarantineStore(),
      find: async (keys) => {
        calls += 1;
        return keys.map((key) =>
          key === recordKeyOf('a') && calls > 1
            ? { code: 'found', reason: 'version-conflict' }
            : { code: 'unavailable', reason: 'ThrottlingException' },
        );
      },
    };
    expect(
      (await findEarlierConflicts([stale('a'), stale('b')], store, options())).map(
        ({ decision }) => decision,
      ),
    ).toEqual([conflict, { outcome: 'failed', reason: 'ThrottlingException' }]);
    expect(calls).toBe(12);
  });
});
