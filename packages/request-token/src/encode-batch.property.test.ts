import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSha256, utf8ToBytes } from '#sha256';
import { encodeBatch } from './encode-batch.ts';
import { identityKey, requestToken } from './index.ts';

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

/** Puts the chunks together, each of which is no longer valid when the next one comes. */
function encode(prefix: string, rests: readonly string[]): Uint8Array {
  const bytes: number[] = [];
  encodeBatch(prefix, rests, (chunk) => {
    bytes.push(...chunk);
  });
  return Uint8Array.from(bytes);
}

describe('encodeBatch', () => {
  it('can be read back, so no two batches have the same bytes', () => {
    fc.assert(
      fc.property(texts, (keys) => {
        expect(decode(encode('', keys))).toEqual(['oncefold.request-token.v2', ...keys]);
      }),
    );
  });

  it('gives the same bytes wherever the keys are cut into what they begin with and the rest', () => {
    fc.assert(
      fc.property(text, texts, (prefix, rests) => {
        const keys = rests.map((rest) => prefix + rest);
        expect(encode(prefix, rests)).toEqual(encode('', keys));
      }),
    );
  });

  it('can be read back when the keys fill several chunks, to the last byte of one', () => {
    // 1,024 bytes are the longest key.
    const lengths = fc.array(fc.integer({ min: 1, max: 1024 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(lengths, (sizes) => {
        const keys = sizes.map((size, index) => String.fromCharCode(97 + (index % 26)).repeat(size));
        expect(decode(encode('', keys))).toEqual(['oncefold.request-token.v2', ...keys]);
      }),
      { numRuns: 50 },
    );
  });
});

/** The token in its plain form: the keys of the ids in order, each behind its length, and the whole hashed at once. */
function plainToken({ recordIds, ...origin }: Batch): string {
  const keys = recordIds.map((id) => identityKey({ ...origin, id })).sort();
  const number = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const bytes = (text: string) => [...number(utf8ToBytes(text).length), ...utf8ToBytes(text)];
  const hash = createSha256();
  hash.update(
    Uint8Array.from([...bytes('oncefold.request-token.v2'), ...number(keys.length), ...keys.flatMap(bytes)]),
  );
  return hash.digest().slice(0, 36);
}

describe('requestToken', () => {
  it('is the hash of the keys in their order, whether all are plain or some are escaped or hashed', () => {
    fc.assert(
      fc.property(batch, (one) => {
        expect(requestToken(one)).toBe(plainToken(one));
      }),
      { numRuns: 1000 },
    );
  });

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
