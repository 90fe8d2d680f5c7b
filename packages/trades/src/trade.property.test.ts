/**
 * Goal: the aggregates are the sum over the trades that exist, whatever they were summed by and when.
 * Method: histories of items, each written under some list of dimensions or without recording one; what the changes add
 * up to is compared with a plain sum over the items that are left. Each trade has a decimal place of its own, so that a
 * wrong sum names it.
 */
import {
  type Contribution,
  contributionOfChange,
  formatDecimal,
  type Hierarchy,
  type Leaf,
  mergeContributions,
  parseDecimal,
} from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTradeHierarchy } from './hierarchy.ts';
import { parseTrade } from './parse-trade.ts';
import { contributionOfTradeChange, type Trade } from './trade.ts';
import { createImageReader, type PartialStateImage, tradeFromImage, tradeToItem } from './trade-item.ts';

const segment = fc.constantFrom('A', 'B', '__proto__');
const dimensionLists = fc.shuffledSubarray(['RiskType', 'TradeDesk', 'Region', 'Book'], { minLength: 1 });

interface Written {
  readonly version: number;
  readonly digit: number;
  readonly hierarchy: Readonly<Record<string, string>>;
  readonly dimensions: readonly string[];
  /** Items of the code before dimensions were recorded, and of other programs, have none. */
  readonly recordsDimensions: boolean;
}
const written: fc.Arbitrary<Written> = fc.record({
  version: fc.nat({ max: 2 }),
  digit: fc.nat({ max: 9 }),
  // Not every item has every dimension: some lists refuse what others take.
  hierarchy: fc.record(
    { RiskType: segment, TradeDesk: segment, Region: segment, Book: segment },
    { requiredKeys: ['RiskType'] },
  ),
  dimensions: dimensionLists,
  recordsDimensions: fc.boolean(),
});
const step = fc.record({
  id: fc.nat({ max: 7 }),
  after: fc.option(written, { nil: undefined, freq: 5 }),
});

describe('contributionOfTradeChange', () => {
  it('adds up to the trades that exist, each by its own dimensions, under any sequence of lists', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), dimensionLists, (steps, unrecorded) => {
        const hierarchy = createTradeHierarchy(unrecorded);
        const items = new Map<number, PartialStateImage>();
        const changes: Contribution[] = [];
        let messages = 0;
        for (const { id, after } of steps) {
          const [oldItem, newItem] = [items.get(id), after && itemOf(id, after)];
          const [before, next] = [tradeOf(oldItem, hierarchy), tradeOf(newItem, hierarchy)];
          changes.push(contributionOfTradeChange(before, next));
          messages += Number(next !== undefined && (before === undefined || isChanged(oldItem, newItem)));
          if (newItem === undefined) {
            items.delete(id);
          } else {
            items.set(id, newItem);
          }
        }
        const expected = [...items.values()]
          .filter((item) => tradeOf(item, hierarchy) !== undefined)
          .flatMap((item) => nodesOf(item, unrecorded));
        expected.push(new Map([['message_count', parseDecimal(String(messages))]]));
        expect(sumsOf(changes)).toEqual(sumsOf(expected));
      }),
      { numRuns: 500 },
    );
  });

  it('adds key by key what the roll-up of both paths adds', () => {
    fc.assert(
      fc.property(fc.tuple(written, written), ([before, after]) => {
        const trades = [before, after].map((each) =>
          tradeOf(itemOf(0, each), createTradeHierarchy(['Book'])),
        );
        const [old, next] = trades as [Trade | undefined, Trade | undefined];
        const contribution = contributionOfTradeChange(old, next);
        const nodes = [...contribution].filter(([node]) => node !== 'message_count');
        expect(nodes).toEqual(
          contribution.size === 0 ? [] : [...contributionOfChange(leafOf(old), leafOf(next))],
        );
      }),
    );
  });
});

describe('createImageReader', () => {
  it('reads each image of many as if it were the only one', () => {
    const hierarchyText = fc.oneof(
      fc
        .dictionary(fc.constantFrom('RiskType', 'TradeDesk', 'Book'), segment)
        .map((value) => JSON.stringify(value)),
      fc.constantFrom('', '[]', '{"RiskType":"message_count"}', '{"RiskType":"A","RiskType":"A"}'),
    );
    const image: fc.Arbitrary<PartialStateImage> = fc.record({
      id: fc.constantFrom('a', '', undefined),
      Version: fc.constantFrom('0', '1.0', '-0', '9007199254740993', '1e3', 'x'),
      Value: fc.constantFrom('1', '-0.5', '1e19', undefined),
      Hierarchy: hierarchyText,
      Timestamp: fc.constantFrom('1', '1.50', '1e2', '-1', '0', '1000000000000000000', '0.1234567890123'),
      Dimensions: fc.constantFrom(undefined, '["RiskType"]', '["Book","TradeDesk"]', '["Book"]', '[]', ''),
    });
    fc.assert(
      fc.property(fc.array(image, { maxLength: 30 }), dimensionLists, (images, unrecorded) => {
        const hierarchy = createTradeHierarchy(unrecorded);
        const read = createImageReader(hierarchy);
        expect(images.map(read)).toEqual(images.map((each) => tradeFromImage(each, hierarchy)));
      }),
    );
  });
});

/** The same trade as `contributionOfChange` takes it. */
function leafOf(trade: Trade | undefined): Leaf | undefined {
  return (
    trade && {
      path: trade.dimensions.map((dimension) => trade.hierarchy.get(dimension) as string),
      measure: trade.value,
    }
  );
}

function itemOf(
  id: number,
  { version, digit, hierarchy, dimensions, recordsDimensions }: Written,
): PartialStateImage {
  const message = {
    TradeID: `trade-${id}`,
    Version: version,
    Value: `${digit}e${id}`,
    Hierarchy: hierarchy,
    Timestamp: 0,
  };
  const parsed = parseTrade(JSON.stringify(message), createTradeHierarchy(['RiskType']));
  if (parsed.code === 'invalid') {
    throw new Error(parsed.reason);
  }
  const { Dimensions: _, ...unrecorded } = tradeToItem(parsed.trade);
  return recordsDimensions ? tradeToItem({ ...parsed.trade, dimensions }) : unrecorded;
}

function tradeOf(item: PartialStateImage | undefined, hierarchy: Hierarchy): Trade | undefined {
  const read = item === undefined ? undefined : tradeFromImage(item, hierarchy);
  return read?.code === 'valid' ? read.trade : undefined;
}

function isChanged(before: PartialStateImage | undefined, after: PartialStateImage | undefined): boolean {
  return (
    before?.Version !== after?.Version ||
    before?.Value !== after?.Value ||
    before?.Hierarchy !== after?.Hierarchy
  );
}

/** Adds an item to its nodes by what its texts say, without the code under test. */
function nodesOf(item: PartialStateImage, unrecorded: readonly string[]): Contribution[] {
  const segments: Record<string, string> = JSON.parse(item.Hierarchy ?? '');
  const dimensions: readonly string[] =
    item.Dimensions === undefined ? unrecorded : JSON.parse(item.Dimensions);
  const path = dimensions.map((dimension) => segments[dimension]);
  return path.map(
    (_, level) => new Map([[path.slice(0, level + 1).join(':'), parseDecimal(item.Value ?? '')]]),
  );
}

/** Text by node; a node that every trade has left is zero, and may be there or not. */
function sumsOf(contributions: readonly Contribution[]): ReadonlyMap<string, string> {
  const sums = [...mergeContributions(contributions)].filter(([, sum]) => sum !== 0n);
  return new Map(sums.map(([node, sum]) => [node, formatDecimal(sum)]));
}
