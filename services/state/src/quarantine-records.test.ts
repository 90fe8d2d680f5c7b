import { HEAD_BYTES_MAX, PART_BYTES_MAX } from '@oncefold/middleware/quarantine';
import { startAttempts } from '@oncefold/versioned-upsert';
import { describe, expect, it } from 'vitest';
import { decidedRecord } from '../test/support/decided.ts';
import { createMemoryQuarantineStore } from '../test/support/memory-quarantine-store.ts';
import { recordKeyOf } from '../test/support/stream.ts';
import { createVirtualClock } from '../test/support/virtual-clock.ts';
import { quarantineRecords } from './quarantine-records.ts';
import type { QuarantineStore } from './quarantine-store.ts';

const options = () => ({ attempts: startAttempts(createVirtualClock(), 10_000), requestsMax: 2 });
const decision = { outcome: 'quarantined', reason: 'broken-json', detail: 'Value' } as const;
const bytes = (size: number) => Uint8Array.from({ length: size }, (_none, index) => index % 251);
const quarantined = (id: string, size: number) => decidedRecord(id, decision, bytes(size));
const keysOf = (items: Parameters<QuarantineStore['put']>[0]) =>
  items.map(({ key }) => `${key.Source.S}/${key.Part.N}`);
const unavailable = { code: 'unavailable', reason: 'ThrottlingError' } as const;

describe('quarantineRecords', () => {
  it.each([
    [0, 1],
    [1, 1],
    [HEAD_BYTES_MAX, 1],
    [HEAD_BYTES_MAX + 1, 2],
    [HEAD_BYTES_MAX + PART_BYTES_MAX + 1, 3],
    [1_048_576, 4],
  ])('keeps a record of %i bytes whole in %i parts', async (size, parts) => {
    const store = createMemoryQuarantineStore();
    const record = quarantined('s:1', size);
    expect(await quarantineRecords([record], store, options())).toEqual([record]);
    const items = [...store.items.values()].sort((a, b) => Number(a.key.Part.N) - Number(b.key.Part.N));
    expect(items).toHaveLength(parts);
    expect(Buffer.concat(items.map(({ attributes }) => attributes.Payload.B)).equals(bytes(size))).toBe(true);
  });

  it('sends only what was left out again', async () => {
    const memory = createMemoryQuarantineStore();
    const requests: string[][] = [];
    const store: QuarantineStore = {
      ...memory,
      async put(items, signal) {
        requests.push(keysOf(items));
        const results = await memory.put(items, signal);
        return requests.length === 1
          ? results.map((result, index) => (index === 1 ? unavailable : result))
          : results;
      },
    };
    const records = [quarantined('a', 1), quarantined('b', 1)];
    expect(await quarantineRecords(records, store, options())).toEqual(records);
    const [a, b] = [`${recordKeyOf('a')}/0`, `${recordKeyOf('b')}/0`];
    expect(requests).toEqual([[a, b], [b]]);
  });

  it('fails the records that could not be quarantined, and writes part 0 only where all others are there', async () => {
    const memory = createMemoryQuarantineStore();
    const store: QuarantineStore = {
      ...memory,
      put: async (items, signal) =>
        Promise.all(
          items.map(async (item) =>
            item.key.Part.N === '2' ? unavailable : ((await memory.put([item], signal))[0] ?? unavailable),
          ),
        ),
    };
    const big = quarantined('big', PART_BYTES_MAX * 2);
    const small = quarantined('small', 1);
    expect(await quarantineRecords([big, small], store, options())).toEqual([
      { ...big, decision: { outcome: 'failed', reason: 'ThrottlingError' } },
      small,
    ]);
    expect(keysOf([...memory.items.values()])).toEqual([
      `${recordKeyOf('big')}/1`,
      `${recordKeyOf('small')}/0`,
    ]);
  });

  it('sends nothing when there is nothing to quarantine', async () => {
    const store: QuarantineStore = {
      itemsMax: 25,
      keysMax: 100,
      put: () => Promise.reject(new Error('not to be called')),
      find: () => Promise.reject(new Error('not to be called')),
    };
    const applied = decidedRecord('a', { outcome: 'applied' });
    expect(await quarantineRecords([applied], store, options())).toEqual([applied]);
  });
});
