// Goal: the switch at a cut-over time is exact in any order of deployments, arrivals and faults, not only in those of the guide.
// Method: schedules are drawn: how many orders arrive when, when the new code is deployed, which faults the deliveries meet in each
// phase. They run on real engines under the machine of a real mapping. The seed of a schedule that fails is printed.
import { useDynamoDb, useKinesis } from '@oncefold/engines/vitest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRevenue, openStock } from './support/shop.ts';
import type { Fault, Handler, TestMapping } from './support/start-mapping.ts';

const database = useDynamoDb();
const stream = useKinesis();
/** An order of before may be counted up to 31 times. */
const COUNT_BITS = 5;
const RUNS = 12;

/** Orders arrive, some batches are delivered, with these faults in turn. */
interface Step {
  readonly orders: number;
  readonly batches: number;
  readonly faults: readonly (Fault | undefined)[];
}

const fault = fc.constantFrom<Fault | undefined>(
  undefined,
  'dies-after-writes',
  'dies-halfway',
  'delivered-again',
  'regrouped',
);
const step = (orders: number): fc.Arbitrary<Step> =>
  fc.record({
    orders: fc.integer({ min: 0, max: orders }),
    batches: fc.integer({ min: 0, max: 3 }),
    faults: fc.array(fault, { minLength: 1, maxLength: 4 }),
  });
const schedule = fc.record({
  /** The old function. */
  before: step(3),
  /** Both, before the cut-over has passed. */
  deployed: step(2),
  /** Both, afterwards. */
  passed: step(3),
  /** The new function alone. */
  after: step(2),
});

async function run(mapping: TestMapping, handler: Handler, { batches, faults }: Step): Promise<void> {
  await mapping.deliver(handler, { batches, fault: (delivery) => faults[delivery % faults.length] });
}

describe.each([
  ['a Kinesis stream', openStock],
  ['the stream of a table', openRevenue],
])('a switch at a cut-over time, from %s', { timeout: 180_000 }, (_, open) => {
  it('counts every order from the cut-over on once, and none of before less than once', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async ({ before, deployed, passed, after }) => {
        const shop = await open({ dynamodb: database.endpoint, kinesis: stream.endpoint }, COUNT_BITS);
        const { consumer, clock } = shop;
        const mapping = shop.enable();
        await shop.send(before.orders);
        await run(mapping, consumer.before, before);
        const cutOver = clock.now + 900;
        await shop.send(deployed.orders);
        await run(mapping, consumer.during(cutOver), deployed);
        clock.now += 900;
        await shop.send(passed.orders);
        await run(mapping, consumer.during(cutOver), passed);
        // The guide's third step: the records of before are done when the old code goes.
        await mapping.deliver(consumer.during(cutOver));
        await shop.send(after.orders);
        await run(mapping, consumer.after(cutOver), after);
        await mapping.deliver(consumer.after(cutOver));
        await run(shop.enable(), consumer.after(cutOver), { ...after, batches: 9 });
        const counts = await shop.counts();
        const early = before.orders + deployed.orders;
        expect(counts.slice(early)).toEqual(Array.from({ length: passed.orders + after.orders }, () => 1));
        expect(counts.slice(0, early).filter((count) => count < 1)).toEqual([]);
        const isCalm = [before, deployed, passed].every(({ faults }) =>
          faults.every((each) => each === undefined),
        );
        if (isCalm) {
          expect(counts.slice(0, early).filter((count) => count !== 1)).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
