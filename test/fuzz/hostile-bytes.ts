import fc from 'fast-check';

/** One change of some bytes. Places are drawn from 0 to 1, so that they mean something in bytes of any length. */
type Change = (bytes: Uint8Array) => Uint8Array;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (bytes: Uint8Array, from: number): number => Math.floor(from * (bytes.length + 1));
const replace = (bytes: Uint8Array, start: number, end: number, by: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(end)]);

/**
 * Bytes as an attacker makes them: examples of what the parser reads, with bytes changed, put in, cut out, repeated thousands of times,
 * or exchanged for a part of another example.
 *
 * @param examples - what the parser accepts, or nearly
 * @param words - scraps that mean something to it
 */
export function hostileBytes(
  examples: readonly Uint8Array[],
  words: readonly Uint8Array[],
): fc.Arbitrary<Uint8Array> {
  const example = fc.constantFrom(...examples);
  const scrap = fc.oneof(fc.constantFrom(...words), fc.uint8Array({ maxLength: 6 }));
  const changes: fc.Arbitrary<Change>[] = [
    fc.tuple(place, fc.nat(255)).map(([from, byte]) => (bytes) => {
      const start = at(bytes, from);
      return replace(bytes, start, start + 1, Uint8Array.of(byte));
    }),
    fc.tuple(place, scrap).map(
      ([from, by]) =>
        (bytes) =>
          replace(bytes, at(bytes, from), at(bytes, from), by),
    ),
    fc.tuple(place, place).map(([from, to]) => (bytes) => {
      const [start = 0, end = 0] = [at(bytes, from), at(bytes, to)].sort((a, b) => a - b);
      return replace(bytes, start, end, new Uint8Array());
    }),
    fc.tuple(place, scrap, fc.integer({ min: 2, max: 5_000 })).map(([from, by, count]) => (bytes) => {
      const start = at(bytes, from);
      return replace(bytes, start, start, Buffer.concat(Array<Uint8Array>(count).fill(by)));
    }),
    fc.tuple(example, place, place).map(
      ([other, from, to]) =>
        (bytes) =>
          Buffer.concat([bytes.subarray(0, at(bytes, from)), other.subarray(at(other, to))]),
    ),
  ];
  return fc
    .tuple(example, fc.array(fc.oneof(...changes), { maxLength: 6 }))
    .map(([bytes, list]) => list.reduce((changed, change) => change(changed), bytes));
}
