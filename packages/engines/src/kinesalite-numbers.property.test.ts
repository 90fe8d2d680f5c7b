// Goal: kinesalite's numbers stay the same when they are converted in another way.
// Method: its own conversions are the reference, in a second copy of its module; every field is drawn over its whole range.
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KinesaliteNumbers, type SequenceFields, speedUpNumbers } from './kinesalite-numbers.ts';

const require = createRequire(import.meta.url);
const reference = require('kinesalite/db') as KinesaliteNumbers;
const fast = { ...reference };
speedUpNumbers(fast);

const milliseconds = fc.oneof(
  fc.integer({ min: 1, max: 4_000_000_000_000 }),
  fc.integer({ min: 16_025_174_000_000, max: 16_025_176_000_000 }),
);
const fields: fc.Arbitrary<SequenceFields> = fc.record(
  {
    version: fc.constantFrom(null, 0, 1, 2),
    shardCreateTime: milliseconds,
    seqTime: milliseconds,
    seqIx: fc.oneof(fc.constant(null), fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String)),
    byte1: fc.constantFrom('00', '7f', 'ff'),
    shardIx: fc.nat({ max: 2_147_483_647 }),
  },
  { requiredKeys: ['shardCreateTime'] },
);

function outcome<Value>(call: () => Value): Value | string {
  try {
    return call();
  } catch (error) {
    return String(error);
  }
}

describe('speedUpNumbers', () => {
  it('writes every sequence number as kinesalite does', () => {
    fc.assert(
      fc.property(fields, (drawn) => {
        expect(outcome(() => fast.stringifySequence(drawn))).toBe(
          outcome(() => reference.stringifySequence(drawn)),
        );
      }),
    );
  });

  it('reads every sequence number as kinesalite does, and refuses what it refuses', () => {
    const numbers = fc.oneof(
      fields.map((drawn) => reference.stringifySequence(drawn)),
      fc.bigInt({ min: 0n, max: 2n ** 187n }).map(String),
      fc.bigInt({ min: 2n ** 185n, max: 3n * 2n ** 184n }).map((number) => String((number / 16n) * 16n + 2n)),
      fc.constantFrom('', 'x', '1e55', ' 49590338271490256608559692538361571095921575989136588898'),
    );
    fc.assert(
      fc.property(numbers, (text) => {
        expect(outcome(() => fast.parseSequence(text))).toEqual(outcome(() => reference.parseSequence(text)));
      }),
    );
  });

  it('gives every partition key the hash key that kinesalite gives it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (key) => {
        expect(String(fast.partitionKeyToHashKey(key))).toBe(String(reference.partitionKeyToHashKey(key)));
      }),
    );
  });
});
