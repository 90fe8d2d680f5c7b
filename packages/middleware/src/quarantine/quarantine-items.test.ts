import { identityKey } from '@oncefold/request-token';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES_MAX, PART_BYTES_MAX, quarantineItems } from './quarantine-items.ts';

const identity = {
  namespace: 'production',
  consumer: 'state',
  source: 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders',
  id: 'shardId-000000000000:1',
};
const record = { identity, reason: 'broken-json', detail: 'Value' };
const bytes = (size: number) => Uint8Array.from({ length: size }, (_, index) => index % 251);

describe('quarantineItems', () => {
  it('keeps an empty record as one item', () => {
    expect(quarantineItems({ ...record, payload: new Uint8Array() })).toHaveLength(1);
  });

  it('says in part 0 where the record came from, why it is there, and how much of it there is', () => {
    const [head] = quarantineItems({ ...record, payload: bytes(HEAD_BYTES_MAX + 1) });
    expect(head).toEqual({
      key: { Source: { S: identityKey(identity) }, Part: { N: '0' } },
      attributes: {
        Namespace: { S: 'production' },
        Consumer: { S: 'state' },
        Origin: { S: identity.source },
        RecordId: { S: 'shardId-000000000000:1' },
        Reason: { S: 'broken-json' },
        Detail: { S: 'Value' },
        Parts: { N: '2' },
        Bytes: { N: String(HEAD_BYTES_MAX + 1) },
        Payload: { B: bytes(HEAD_BYTES_MAX) },
      },
    });
  });

  it('splits what is larger than an item may be, and the parts in their order are the record', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 * PART_BYTES_MAX + 1 }), (size) => {
        const payload = bytes(size);
        const items = quarantineItems({ ...record, payload });
        const joined = Uint8Array.from(items.flatMap((item) => [...item.attributes.Payload.B]));
        expect(joined).toEqual(payload);
        expect(items.map((item) => item.key.Part.N)).toEqual(items.map((_, part) => String(part)));
        expect(items[0].attributes.Parts.N).toBe(String(items.length));
        for (const [part, item] of items.entries()) {
          const limit = part === 0 ? HEAD_BYTES_MAX : PART_BYTES_MAX;
          expect(item.attributes.Payload.B.byteLength).toBeLessThanOrEqual(limit);
        }
      }),
      {
        numRuns: 15,
        examples: [[HEAD_BYTES_MAX], [HEAD_BYTES_MAX + 1], [HEAD_BYTES_MAX + PART_BYTES_MAX + 1]],
      },
    );
  });

  it('gives the same items for a redelivery', () => {
    const payload = bytes(PART_BYTES_MAX + 5);
    expect(quarantineItems({ ...record, payload })).toEqual(quarantineItems({ ...record, payload }));
  });

  it.each([
    ['namespace', { namespace: 'staging' }],
    ['consumer', { consumer: 'reduce' }],
    ['stream', { source: 'arn:aws:kinesis:eu-west-1:000000000000:stream/returns' }],
    ['record id', { id: 'shardId-000000000000:2' }],
  ])('gives records of another %s another key', (_name, part) => {
    const keyOf = (of: typeof identity) =>
      quarantineItems({ ...record, identity: of, payload: bytes(1) })[0].key.Source.S;
    expect(keyOf({ ...identity, ...part })).not.toBe(keyOf(identity));
  });

  it('keeps no more of an endless or malformed record id than DynamoDB takes', () => {
    const [head] = quarantineItems({
      ...record,
      identity: { ...identity, id: `\ud800${'x'.repeat(500_000)}` },
      payload: bytes(1),
    });
    expect(head.attributes.RecordId.S).toBe(`\ufffd${'x'.repeat(1_023)}`);
    expect(head.key.Source.S).toMatch(/^v2#sha256#[\w-]{43}$/);
  });
});
