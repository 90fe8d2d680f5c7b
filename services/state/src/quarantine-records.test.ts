import { PART_BYTES_MAX } from '@oncefold/quarantine';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../test/support/virtual-clock.ts';
import { startAttempts } from './attempts.ts';
import { createMemoryQuarantineStore } from './memory/quarantine-store.ts';
import { quarantineRecords } from './quarantine-records.ts';
import type { QuarantineStore } from './quarantine-store.ts';

const options = () => ({
  consumer: 'state',
  attempts: startAttempts(createVirtualClock(), 10_000),
  requestsMax: 2,
});
const suspect = (recordId: string, size: number) => ({
  recordId,
  bytes: Uint8Array.from({ length: size }, (_none, index) => index % 251),
  reason: 'broken-json',
});

describe('quarantineRecords', () => {
  it.each([
    [0, 1],
    [1, 1],
    [PART_BYTES_MAX, 1],
    [PART_BYTES_MAX + 1, 2],
    [1_048_576, 3],
  ])('keeps a record of %i bytes whole in %i parts', async (size, parts) => {
    const store = createMemoryQuarantineStore();
    const record = suspect('s:1', size);
    expect(await quarantineRecords([record], store, options())).toEqual(new Set());
    const items = [...store.items.values()];
    expect(items).toHaveLength(parts);
    expect(Buffer.concat(items.map(({ attributes }) => attributes.Payload.B)).equals(record.bytes)).toBe(
      true,
    );
  });

  it('sends only what was left out again', async () => {
    const memory = createMemoryQuarantineStore();
    const requests: string[][] = [];
    const store: QuarantineStore = {
      itemsMax: 25,
      async put(items, signal) {
        requests.push(items.map(({ key }) => key.Source.S));
        const results = await memory.put(items, signal);
        return requests.length === 1
          ? results.map((result, place) =>
              place === 1 ? { code: 'unavailable', reason: 'UnprocessedItems' } : result,
            )
          : results;
      },
    };
    expect(await quarantineRecords([suspect('a', 1), suspect('b', 1)], store, options())).toEqual(new Set());
    expect(requests).toEqual([['a', 'b'], ['b']]);
  });

  it('names the records that could not be put aside, even if only one part is missing', async () => {
    const store: QuarantineStore = {
      itemsMax: 25,
      put: async (items) =>
        items.map(({ key }) =>
          key.Source.S === 'big' && key.Part.N === '1'
            ? { code: 'unavailable', reason: 'ThrottlingError' }
            : { code: 'written' },
        ),
    };
    expect(
      await quarantineRecords([suspect('big', PART_BYTES_MAX * 2), suspect('small', 1)], store, options()),
    ).toEqual(new Set(['big']));
  });

  it('sends nothing when there is nothing', async () => {
    const store: QuarantineStore = { itemsMax: 25, put: () => Promise.reject(new Error('not to be called')) };
    expect(await quarantineRecords([], store, options())).toEqual(new Set());
  });
});
