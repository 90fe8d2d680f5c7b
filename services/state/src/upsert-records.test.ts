import { startAttempts, type WriteResult } from '@oncefold/versioned-upsert';
import { describe, expect, it } from 'vitest';
import { decidedRecord } from '../test/support/decided.ts';
import { createMemoryStateStore } from '../test/support/memory-state-store.ts';
import { type MessageFields, referenceOf, tradeOf } from '../test/support/stream.ts';
import { createVirtualClock } from '../test/support/virtual-clock.ts';
import type { Decision } from './decided-record.ts';
import type { StoredVersion, VersionStore, VersionWrite } from './state-store.ts';
import type { StreamRecord } from './stream-record.ts';
import { upsertRecords } from './upsert-records.ts';

const arrived = (...fields: MessageFields[]): StreamRecord[] =>
  fields.map((field, index) => ({
    ...decidedRecord(String(index), { outcome: 'applied' }).record,
    code: 'valid',
    trade: tradeOf(field),
    recordKey: `record-${index}`,
    reference: referenceOf(index),
  }));
const unreadable = { outcome: 'quarantined', reason: 'unreadable-state', detail: '' };
const options = () => ({ attempts: startAttempts(createVirtualClock(), 10_000), requestsMax: 2 });

/** A store that answers as told, one list per request, and records what it was asked. */
function scripted(
  ...answers: WriteResult<StoredVersion>[][]
): VersionStore & { readonly requests: VersionWrite['mode'][][] } {
  const requests: VersionWrite['mode'][][] = [];
  return {
    requests,
    writesMax: 25,
    async write(writes) {
      requests.push(writes.map(({ mode }) => mode));
      return answers[Math.min(requests.length, answers.length) - 1] ?? [];
    },
  };
}

function counted(store: VersionStore): VersionStore & { requests: number } {
  const counting = {
    requests: 0,
    writesMax: store.writesMax,
    write: (writes: readonly VersionWrite[], signal: AbortSignal) => {
      counting.requests += 1;
      return store.write(writes, signal);
    },
  };
  return counting;
}

/** Decisions in the order of the records. */
async function decisionsOf(records: readonly StreamRecord[], store: VersionStore): Promise<Decision[]> {
  const decided = await upsertRecords(records, store, { ...options(), recount: 0 });
  expect(decided.map(({ record }) => record)).toEqual(records);
  return decided.map(({ decision }) => decision);
}

describe('upsertRecords', () => {
  it('asks once for a batch of new trades with duplicates, stale versions and conflicts among them', async () => {
    const store = counted(createMemoryStateStore());
    const decisions = await decisionsOf(
      arrived(
        { id: 'a', version: 1 },
        { id: 'a', version: 1 },
        { id: 'a', version: 0 },
        { id: 'a', version: 1, value: '2' },
        { id: 'b' },
      ),
      store,
    );
    expect(decisions.map(({ outcome }) => outcome)).toEqual([
      'applied',
      'duplicate',
      'stale',
      'conflict',
      'applied',
    ]);
    expect(store.requests).toBe(1);
  });

  it('writes ascending versions of one trade in successive requests, none left out', async () => {
    const store = counted(createMemoryStateStore());
    const decisions = await decisionsOf(arrived({ version: 0 }, { version: 1 }, { version: 2 }), store);
    expect(decisions.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'applied']);
    expect(store.requests).toBe(3);
  });

  it('asks the table about an older version after an update, whose history may say that it was written before', async () => {
    const memory = createMemoryStateStore();
    const records = arrived({ version: 2 }, { version: 0 }, { version: 1 }, { version: 2 });
    // At an earlier delivery, at which the first was refused.
    expect(await decisionsOf(records.slice(1, 2), memory)).toEqual([{ outcome: 'applied' }]);
    const store = counted(memory);
    const decisions = await decisionsOf(records, store);
    expect(decisions.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'stale', 'duplicate']);
    expect(store.requests).toBe(3);
  });

  it('inserts again where the item vanishes between insert and update', async () => {
    const store = scripted([{ code: 'exists' }], [{ code: 'absent' }], [{ code: 'written' }]);
    expect(await decisionsOf(arrived({}), store)).toEqual([{ outcome: 'applied' }]);
    expect(store.requests).toEqual([['insert'], ['update'], ['insert']]);
  });

  it('gives up on an item that comes and goes for ever', async () => {
    let exists = false;
    const store: VersionStore = {
      writesMax: 25,
      async write() {
        exists = !exists;
        return [{ code: exists ? 'exists' : 'absent' }];
      },
    };
    expect(await decisionsOf(arrived({}), store)).toEqual([
      { outcome: 'failed', reason: 'item-comes-and-goes' },
    ]);
  });

  it('fails the later versions of a trade with the one that could not be written, and no other trade', async () => {
    const memory = createMemoryStateStore();
    const store: VersionStore = {
      writesMax: 25,
      write: async (writes, signal) =>
        Promise.all(
          writes.map(async (write): Promise<WriteResult<StoredVersion>> => {
            // Version 1 would be taken, and overtake the version that is to be delivered again.
            if (write.trade.tradeId === 'a' && write.trade.version === 0) {
              return { code: 'unavailable', reason: 'ThrottlingError' };
            }
            return (await memory.write([write], signal))[0] ?? { code: 'unreadable' };
          }),
        ),
    };
    const decisions = await decisionsOf(
      arrived(
        { id: 'a', version: 0 },
        { id: 'b', version: 0 },
        { id: 'a', version: 1 },
        { id: 'b', version: 1 },
      ),
      store,
    );
    expect(decisions.map(({ outcome }) => outcome)).toEqual(['failed', 'applied', 'failed', 'applied']);
    expect([...memory.items.keys()]).toEqual(['b']);
  });

  it('quarantines a version whose item cannot be compared', async () => {
    const store = scripted([{ code: 'exists' }], [{ code: 'unreadable' }]);
    expect(await decisionsOf(arrived({}), store)).toEqual([unreadable]);
  });

  it('quarantines a version for which an item has no room, and goes on with the next', async () => {
    const store = scripted([{ code: 'exists' }], [{ code: 'unwritable' }], [{ code: 'written' }]);
    expect(await decisionsOf(arrived({ version: 0 }, { version: 1 }), store)).toEqual([
      { ...unreadable, reason: 'unwritable-state' },
      { outcome: 'applied' },
    ]);
  });

  it('throws when the store contradicts itself or says too little', async () => {
    const existing = { version: 0, recordId: 'other', trade: undefined, history: [] };
    await expect(
      decisionsOf(arrived({ version: 1 }), scripted([{ code: 'kept', existing }])),
    ).rejects.toThrow('holds a lower one');
    await expect(decisionsOf(arrived({}), scripted([]))).rejects.toThrow('shorter than promised');
  });

  it('quarantines what is no trade, and sends nothing for it', async () => {
    const { record } = decidedRecord('invalid', { outcome: 'applied' });
    const store = scripted([{ code: 'written' }]);
    expect(await decisionsOf([record, ...arrived({})], store)).toEqual([
      { ...unreadable, reason: 'broken-json' },
      { outcome: 'applied' },
    ]);
    expect(store.requests).toEqual([['insert']]);
  });

  it('asks for nothing when there is nothing', async () => {
    const store = scripted([]);
    expect(await decisionsOf([], store)).toEqual([]);
    expect(store.requests).toEqual([]);
  });
});
