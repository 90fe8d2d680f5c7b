import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PART_BYTES_MAX, quarantineItems } from './quarantine-items.ts';

const record = { source: 'shardId-000000000000:1', consumer: 'state', reason: 'broken-json', detail: '' };

describe('quarantineItems', () => {
  it('keeps an empty record as one item', () => {
    expect(quarantineItems({ ...record, payload: new Uint8Array() })).toHaveLength(1);
  });

  it('parts what is larger than an item may be, and the parts are the record again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 * PART_BYTES_MAX + 1 }), (size) => {
        const payload = Uint8Array.from({ length: size }, (_, index) => index % 251);
        const items = quarantineItems({ ...record, payload });
        const joined = Uint8Array.from(items.flatMap((item) => [...item.attributes.Payload.B]));
        expect(joined).toEqual(payload);
        expect(items.map((item) => item.key.Part.N)).toEqual(items.map((_, part) => String(part)));
        for (const item of items) {
          expect(item.attributes.Payload.B.byteLength).toBeLessThanOrEqual(PART_BYTES_MAX);
          expect(item.attributes.Parts.N).toBe(String(items.length));
        }
      }),
      { numRuns: 15, examples: [[PART_BYTES_MAX], [PART_BYTES_MAX + 1]] },
    );
  });

  it('gives the same keys again for a redelivery', () => {
    const payload = new Uint8Array(PART_BYTES_MAX + 5);
    expect(quarantineItems({ ...record, payload })).toEqual(quarantineItems({ ...record, payload }));
  });
});
