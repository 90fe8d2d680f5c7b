/**
 * Goal: repairs change nothing of what map adds for the traffic of its own mapping.
 * Method: that traffic comes after the start of every repair that map knows of, because a rebuild waits for what came before; or its
 * items are in the recount; or nobody tells its time. Any such change must add the same with repairs as without them.
 */
import { createTradeHierarchy, type Repair } from '@oncefold/trades';
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ChangesOptions, contributionsOfChanges } from './contributions-of-changes.ts';

const FROM_MAX = 10_000;
/** Times of streams may be cut to the minute, and clocks differ by one more. */
const OVERLAP_SECONDS = 60;

const repair: fc.Arbitrary<Repair> = fc.record({
  number: fc.integer({ min: 1, max: 5 }),
  path: fc.constantFrom(undefined, 'PV', 'PV:a', 'PV:a:x', 'VaR'),
  from: fc.integer({ min: 0, max: FROM_MAX }),
  to: fc.integer({ min: 0, max: 2 * FROM_MAX }),
  isPartial: fc.constantFrom(undefined, true),
});

const row = fc.record({
  risk: fc.constantFrom('PV', 'VaR', ''),
  desk: fc.constantFrom('a', 'b'),
  region: fc.constantFrom('x', 'y'),
  value: fc.integer({ min: -9, max: 9 }),
  mark: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
});

const change = fc
  .record({
    before: fc.option(row, { nil: undefined }),
    after: fc.option(row, { nil: undefined }),
    writtenAt: fc.option(fc.integer({ min: 0, max: 2 * FROM_MAX }), { nil: undefined }),
  })
  .filter(({ before, after }) => before !== undefined || after !== undefined);

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function imageOf({ risk, desk, region, value, mark }: NonNullable<Change['after']>) {
  return {
    id: { S: 't' },
    Version: { N: '1' },
    Value: { N: String(value) },
    Hierarchy: { S: JSON.stringify({ RiskType: risk, TradeDesk: desk, Region: region }) },
    Timestamp: { N: '1' },
    ...(mark !== undefined && { Recount: { N: String(mark) } }),
  };
}

function recordOf({ before, after, writtenAt }: Change, index: number): DynamoDBRecord {
  return {
    eventID: `e${index}`,
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventSourceARN: 'arn:aws:dynamodb:eu-west-1:000000000000:table/StateTable/stream/1',
    dynamodb: {
      Keys: { id: { S: 't' } },
      ...(before !== undefined && { OldImage: imageOf(before) }),
      ...(after !== undefined && { NewImage: imageOf(after) }),
      ...(writtenAt !== undefined && { ApproximateCreationDateTime: writtenAt }),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

/** What its own mapping may deliver first while functions know of these repairs. */
function isTraffic({ before, after, writtenAt }: Change, repairs: readonly Repair[]): boolean {
  const entered = (after ?? before)?.mark ?? 0;
  return repairs.every(
    ({ number, from }) => number <= entered || writtenAt === undefined || writtenAt > from - OVERLAP_SECONDS,
  );
}

it('adds for the traffic of its mapping what it adds without repairs, beside a recount or not', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      fc.array(change, { minLength: 1, maxLength: 8 }),
      fc.array(repair, { maxLength: 4 }),
      fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      (changes, repairs, running) => {
        const records = changes.filter((each) => isTraffic(each, repairs)).map(recordOf);
        compared += records.length;
        const options: ChangesOptions = {
          unrecordedHierarchy: createTradeHierarchy(['RiskType', 'TradeDesk', 'Region']),
          expiredTrades: 'retract',
          quarantine: { namespace: 'test', consumer: 'map', table: 'QuarantineTable' },
        };
        const recount = running === undefined ? undefined : { number: running };
        expect(
          contributionsOfChanges(records, { ...options, recounts: { running: recount, repairs } }),
        ).toEqual(contributionsOfChanges(records, { ...options, recounts: { running: recount } }));
      },
    ),
    { numRuns: 2_000 },
  );
  expect(compared).toBeGreaterThan(2_000);
});
