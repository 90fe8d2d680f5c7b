import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPosition } from './position.ts';
import { nodeOfRange, nodesOfRangesAround } from './ranges.ts';

/** Places of records in a shard: close together and far apart, with and without places in an aggregate. */
const places = fc.oneof(
  fc.record({ sequence: fc.integer({ min: 0, max: 40 }), sub: fc.integer({ min: 0, max: 12 }) }),
  fc.record({
    sequence: fc.bigInt({ min: 0n, max: 10n ** 60n }),
    sub: fc.constantFrom(0, 1, 10, 9_999_999_999),
  }),
  fc.record({
    sequence: fc.bigInt({ min: 10n ** 40n, max: 10n ** 40n + 2_000n }),
    sub: fc.constant(0),
  }),
);

/** The positions of a shard, cut into ranges that follow each other, some of which are no ranges: nobody committed them. */
const shards = fc
  .tuple(
    fc.uniqueArray(places, {
      minLength: 1,
      maxLength: 60,
      selector: ({ sequence, sub }) => `${sequence}.${sub}`,
    }),
    fc.infiniteStream(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean())),
    fc.nat(),
    fc.nat(),
  )
  .map(([drawn, cuts, from, count]) => {
    const positions = drawn.map(({ sequence, sub }) => formatPosition(String(sequence), sub)).sort();
    const ranges: { first: string; last: string }[] = [];
    for (let index = 0; index < positions.length; ) {
      const [length, isCommitted] = cuts.next().value ?? [1, true];
      const group = positions.slice(index, index + length);
      index += length;
      if (isCommitted) {
        ranges.push({ first: group[0] ?? '', last: group.at(-1) ?? '' });
      }
    }
    const start = from % positions.length;
    return { ranges, batch: positions.slice(start, start + 1 + (count % (positions.length - start))) };
  });

describe('ranges', () => {
  it('gives each range of a shard a node of its own', () => {
    fc.assert(
      fc.property(shards, ({ ranges }) => {
        const nodes = ranges.map(({ first, last }) => nodeOfRange(first, last));
        expect(new Set(nodes).size).toBe(nodes.length);
      }),
    );
  });

  it('looks at the node of every range that holds one of the records, however the ranges were cut', () => {
    fc.assert(
      fc.property(shards, ({ ranges, batch }) => {
        const nodes = nodesOfRangesAround(batch);
        for (const { first, last } of ranges) {
          if (batch.some((position) => first <= position && position <= last)) {
            expect(nodes).toContain(nodeOfRange(first, last));
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('looks at no more than two nodes for a record, and ten for each digit of a position', () => {
    fc.assert(
      fc.property(shards, ({ batch }) => {
        expect(nodesOfRangesAround(batch).size).toBeLessThanOrEqual(2 * batch.length + 11 * 140);
      }),
    );
  });
});
