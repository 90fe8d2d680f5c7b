import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBatch } from './encode-batch.ts';
import { requestToken } from './index.ts';

/** Few letters and the bytes of a length prefix, so that texts which differ only in where they are cut are common. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '\u0000', '\u0001', 'é'), minLength: 1, maxLength: 6 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
);
const texts = fc.uniqueArray(text, { minLength: 1, maxLength: 8 });
/** Record ids also draw lone surrogates, which no text in UTF-8 can hold. */
const recordId = fc.oneof(
  text,
  fc.string({
    unit: fc.constantFrom('a', '#', '%', '\ud800', '\udc00', '\ufffd'),
    minLength: 1,
    maxLength: 4,
  }),
);
const batch = fc.record({
  namespace: text,
  consumer: text,
  source: text,
  recordIds: fc.uniqueArray(recordId, { minLength: 1, maxLength: 8 }),
});
type Batch = typeof batch extends fc.Arbitrary<infer T> ? T : never;

/** Reads an encoded batch back; what can be read back in one way only is injective. */
function decode(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  const readNumber = (): number => {
    offset += 4;
    return view.getUint32(offset - 4);
  };
  const readText = (): string => {
    const length = readNumber();
    offset += length;
    return decodeUtf8(bytes.subarray(offset - length, offset));
  };
  const texts = [readText()];
  const count = readNumber();
  for (let index = 0; index < count; index += 1) {
    texts.push(readText());
  }
  expect(offset).toBe(bytes.length);
  return texts;
}

function decodeUtf8(bytes: Uint8Array): string {
  return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
}

describe('encodeBatch', () => {
  it('can be read back, so no two batches have the same bytes', () => {
    fc.assert(
      fc.property(texts, (keys) => {
        expect(decode(encodeBatch(keys))).toEqual(['oncefold.request-token.v2', ...keys]);
      }),
    );
  });
});

describe('requestToken', () => {
  it('is equal exactly when namespace, consumer, source and the set of records are', () => {
    const normal = (one: Batch): string =>
      JSON.stringify([one.namespace, one.consumer, one.source, [...one.recordIds].sort()]);
    fc.assert(
      fc.property(batch, batch, (one, other) => {
        expect(requestToken(one) === requestToken(other)).toBe(normal(one) === normal(other));
      }),
    );
  });

  it('does not depend on the order of the records', () => {
    const shuffled = batch.chain((one) =>
      fc
        .shuffledSubarray(one.recordIds, { minLength: one.recordIds.length })
        .map((recordIds) => ({ one, other: { ...one, recordIds } })),
    );
    fc.assert(
      fc.property(shuffled, ({ one, other }) => {
        expect(requestToken(other)).toBe(requestToken(one));
      }),
    );
  });
});
