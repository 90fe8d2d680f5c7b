// Goal: docs/migrating.md can be followed step by step: the switch from a function that adds with `UpdateItem` to Oncefold
// neither counts an order twice nor loses one, whatever is redelivered on the way.
// Method: the old and the new functions of src, on DynamoDB Local and kinesalite, fed by the machine of a real event source
// mapping, which this test lets deliver batch by batch. Producers never stop. Each order is worth another power of 4, so
// that the sums say how often each order is in them.
import { createLocalDynamoDb } from '@oncefold/engines';
import { useDynamoDb, useKinesis } from '@oncefold/engines/vitest';
import { startFaultProxy } from '@oncefold/local-runtime';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { carryOver } from '../src/carry-over.ts';
import { logApplied } from '../src/log-applied.ts';
import { retryConflicts } from '../src/retry-conflicts.ts';
import { startPositions } from '../src/start-positions.ts';
import { createStock } from '../src/stock.ts';
import { createStockBefore } from '../src/stock-before.ts';
import { createStockCompared } from '../src/stock-compared.ts';
import { openRevenue, openStock, type Shop } from './support/shop.ts';
import type { Fault, Handler } from './support/start-mapping.ts';

const database = useDynamoDb();
const stream = useKinesis();

const endpoints = (): { dynamodb: string; kinesis: string } => ({
  dynamodb: database.endpoint,
  kinesis: stream.endpoint,
});
const shops = { 'a Kinesis stream': openStock, 'the stream of a table': openRevenue };
const once = (count: number): number[] => Array.from({ length: count }, () => 1);
const later = (shop: Shop, seconds: number): void => {
  shop.clock.now += seconds;
};
/** What is read of a record of either stream. */
interface Delivered {
  readonly kinesis?: { readonly sequenceNumber: string };
  readonly dynamodb?: { readonly SequenceNumber: string };
}
/** Faults in turn, one with each delivery. */
const faults: readonly (Fault | undefined)[] = [
  'dies-after-writes',
  undefined,
  'delivered-again',
  'dies-halfway',
  undefined,
  'regrouped',
];
const inTurn = (delivery: number): Fault | undefined => faults[delivery % faults.length];

describe.each(Object.entries(shops))('a switch in place at a cut-over time, from %s', (_, open) => {
  it('counts every order once, whatever is redelivered from the cut-over on', async () => {
    const shop = await open(endpoints());
    const { before, during, after } = shop.consumer;
    const mapping = shop.enable();
    await shop.send(5);
    await mapping.deliver(before);
    // Step 1: deploy, with a cut-over in the future. Orders go on coming in.
    const cutOver = shop.clock.now + 900;
    const switching = during(cutOver);
    await shop.send(3);
    await mapping.deliver(switching);
    later(shop, 899);
    await shop.send(2);
    // Step 2: the cut-over passes; the last orders of before and the first ones of after are in one batch.
    later(shop, 1);
    await shop.send(3);
    await mapping.deliver(switching);
    expect(await shop.counts()).toEqual(once(13));
    await shop.send(6);
    await mapping.deliver(switching, { fault: inTurn });
    // Step 3: nothing of before is left; the old path goes. Step 4: the whole stream is delivered once more.
    await mapping.deliver(after(cutOver), { fault: inTurn });
    await shop.send(4);
    await mapping.deliver(after(cutOver), { fault: inTurn });
    await shop.enable().deliver(after(cutOver), { fault: inTurn });
    expect(await shop.counts()).toEqual(once(23));
  });

  it('counts an order of before as often as the old function would, and not once more', async () => {
    const runs = await Promise.all([open(endpoints()), open(endpoints())]);
    const counts: (readonly number[])[] = [];
    for (const [run, shop] of runs.entries()) {
      const mapping = shop.enable();
      const cutOver = shop.clock.now + 900;
      const { before, during } = shop.consumer;
      await shop.send(9);
      // The old function adds a batch, dies, and the batch is redelivered: to the old code, and to the new.
      await mapping.deliver(before, {
        batches: 2,
        fault: (delivery) => ['dies-after-writes', 'dies-halfway'][delivery] as Fault,
      });
      await mapping.deliver(run === 0 ? before : during(cutOver));
      counts.push(await shop.counts());
      if (run === 1) {
        later(shop, 900);
        await shop.send(6);
        await mapping.deliver(during(cutOver), { fault: inTurn });
        expect((await shop.counts()).slice(9)).toEqual(once(6));
      }
    }
    expect(counts[1]).toEqual(counts[0]);
    expect(counts[0]).not.toEqual(once(9));
  });

  it('leaves to the old function which of its records it reports as failed', async () => {
    const shop = await open(endpoints());
    const mapping = shop.enable({ reportsFailures: true });
    const cutOver = shop.clock.now + 900;
    await shop.send(4);
    later(shop, 900);
    await shop.send(4);
    const { before, switchFrom } = shop.consumer;
    let isFirst = true;
    /** Adds the first record only, the first time. */
    const reporting: Handler = async (event: { Records: Delivered[] }, context) => {
      const [first, second] = event.Records;
      const failed = isFirst
        ? (second?.kinesis?.sequenceNumber ?? second?.dynamodb?.SequenceNumber)
        : undefined;
      isFirst = false;
      await before({ ...event, Records: failed === undefined ? event.Records : [first] } as never, context);
      return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] };
    };
    await mapping.deliver(switchFrom(reporting, cutOver));
    expect(await shop.counts()).toEqual(once(8));
  });

  it('would count twice without the cut-over, when a batch is redelivered across the deployment', async () => {
    const shop = await open(endpoints());
    const mapping = shop.enable();
    await shop.send(6);
    await mapping.deliver(shop.consumer.before, { batches: 1, fault: () => 'dies-after-writes' });
    await mapping.deliver(shop.consumer.after(0));
    const counts = await shop.counts();
    expect(counts.filter((count) => count === 2).length).toBeGreaterThan(0);
    expect(Math.min(...counts)).toBe(1);
  });
});

describe('a switch in place with a pause', () => {
  const linesOf = (log: readonly string[]): Map<string, string> =>
    new Map(
      log
        .map(
          (line) => (JSON.parse(line) as { appliedUpTo: string }).appliedUpTo.split(':') as [string, string],
        )
        .toSorted(([, a], [, b]) => (a.padStart(129, '0') < b.padStart(129, '0') ? -1 : 1)),
    );

  it('counts every order once, even if the mapping has lost what it had confirmed', async () => {
    const shop = await openStock(endpoints());
    // Step 1: the old function logs how far it has come.
    const log: string[] = [];
    const before = logApplied(createStockBefore(shop.dynamodb), (line) => log.push(line));
    const old = shop.enable();
    await shop.send(5);
    await old.deliver(before, { batches: 1 });
    const confirmed = old.checkpoints();
    await old.deliver(before);
    // Step 2: the mapping is disabled when its last invocations have succeeded. Orders go on coming in.
    await shop.send(4);
    // Step 3: positions behind what the log says, as often as one likes.
    for (const _ of ['once', 'twice']) {
      await startPositions(linesOf(log), { transactions: shop.transactions, source: shop.streamArn });
    }
    // Steps 4 and 5: the new function is deployed and the mapping enabled; what it had confirmed is partly lost.
    const handler = createStock({ transactions: shop.transactions, cutOver: 0 });
    const mapping = shop.enable({ checkpoints: confirmed });
    await mapping.deliver(handler, { fault: inTurn });
    await shop.send(6);
    await mapping.deliver(handler, { fault: inTurn });
    expect(await shop.counts()).toEqual(once(15));
    await shop.enable().deliver(handler, { fault: inTurn });
    expect(await shop.counts()).toEqual(once(15));
  });

  it('would count twice without positions to start from', async () => {
    const shop = await openStock(endpoints());
    const old = shop.enable();
    await shop.send(4);
    const confirmed = old.checkpoints();
    await old.deliver(createStockBefore(shop.dynamodb));
    const handler = createStock({ transactions: shop.transactions, cutOver: 0 });
    await shop.enable({ checkpoints: confirmed }).deliver(handler);
    expect(await shop.counts()).toEqual([2, 2, 2, 2]);
  });

  it('cannot know which orders of a batch were added that the old function never finished', async () => {
    const shop = await openStock(endpoints());
    const old = shop.enable();
    await shop.send(6);
    // Disabled while a batch was failing: a part of it is added, and neither the mapping nor a line of the log says which.
    await old.deliver(createStockBefore(shop.dynamodb), { batches: 1, fault: () => 'dies-halfway' });
    expect(old.checkpoints().size).toBe(0);
    await shop
      .enable({ checkpoints: old.checkpoints() })
      .deliver(createStock({ transactions: shop.transactions, cutOver: 0 }));
    expect((await shop.counts()).filter((count) => count === 2)).toHaveLength(2);
  });
});

describe('new rows beside the old ones', () => {
  it('shows what the old function counts twice, and takes over what it had counted before', async () => {
    const shop = await openStock(endpoints());
    const old = shop.enable();
    await shop.send(4);
    await old.deliver(createStockBefore(shop.dynamodb));
    // Step 1: both functions get the cut-over; the new one has a mapping of its own from the start of the stream.
    const cutOver = shop.clock.now + 900;
    const compared = createStockCompared(shop.dynamodb, cutOver);
    const beside = createStock({
      transactions: shop.transactions,
      cutOver,
      consumer: 'stock-exact',
      table: 'StockExact',
    });
    const own = shop.enable();
    await shop.send(2);
    later(shop, 900);
    await shop.send(6);
    // The old function meets a redelivery of an order from after the cut-over.
    await old.deliver(compared, { fault: (delivery) => (delivery === 2 ? 'dies-after-writes' : undefined) });
    await own.deliver(beside, { fault: inTurn });
    // Step 2: the comparison. The old column says which orders were counted twice; the new rows are exact.
    const since = await shop.counts('Stock', 'PiecesSince');
    expect(since.slice(6).filter((count) => count === 2).length).toBeGreaterThan(0);
    expect(await shop.counts('StockExact', 'Pieces')).toEqual([...once(12).fill(0, 0, 6)]);
    // Step 3: the sums from before are carried over, as often as one likes, beside running traffic.
    await carryOver(shop.dynamodb, shop.transactions);
    await shop.send(4);
    await own.deliver(beside, { fault: inTurn });
    await carryOver(shop.dynamodb, shop.transactions);
    expect(await shop.counts('StockExact', 'Pieces')).toEqual(once(16));
  });

  it('would lose orders if the new mapping began at LATEST while the old one is off', async () => {
    const shop = await openStock(endpoints());
    const old = shop.enable();
    await shop.send(2);
    await old.deliver(createStockBefore(shop.dynamodb));
    // The old mapping is deleted; orders come in before the new one begins to read.
    await shop.send(2);
    const latest = shop.enable({ latest: true });
    const handler = createStock({ transactions: shop.transactions, cutOver: 0 });
    await latest.deliver(handler);
    await shop.send(2);
    await latest.deliver(handler);
    expect(await shop.counts()).toEqual([1, 1, 0, 0, 1, 1]);
  });
});

describe('a plain ADD beside transactions', () => {
  it('is sent again after a conflict, and counts once', async () => {
    const conflict = {
      status: 400,
      body: {
        __type: 'com.amazonaws.dynamodb.v20120810#TransactionConflictException',
        message: 'Transaction is ongoing for the item',
      },
    };
    const shop = await openStock(endpoints());
    let conflicts = 0;
    const proxy = await startFaultProxy({
      engine: database.endpoint,
      plan: {
        beforeEngine: ({ operation }) => {
          conflicts += operation === 'UpdateItem' ? 1 : 0;
          return operation === 'UpdateItem' && conflicts % 2 === 1 ? conflict : 'pass';
        },
      },
    });
    const client = createLocalDynamoDb({ endpoint: proxy.endpoint('old'), credentials: shop.credentials });
    await shop.send(4);
    await shop.enable().deliver(createStockBefore(retryConflicts(client)));
    client.destroy();
    await proxy.close();
    expect(conflicts).toBe(8);
    expect(await shop.counts()).toEqual(once(4));
  });
});

describe('handler', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('takes the cut-over from its environment, and does not start without one', async () => {
    const shop = await openStock(endpoints());
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', database.endpoint);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', shop.credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', shop.credentials.secretAccessKey);
    await expect(import('../src/handler.ts')).rejects.toThrow('CUT_OVER must be');
    vi.resetModules();
    vi.stubEnv('CUT_OVER', String(shop.clock.now + 900));
    const { handler } = await import('../src/handler.ts');
    const mapping = shop.enable();
    await shop.send(3);
    await mapping.deliver(shop.consumer.before, { batches: 1 });
    later(shop, 900);
    await shop.send(6);
    await mapping.deliver(handler);
    await mapping.deliver(handler, { fault: inTurn });
    await shop.enable({ checkpoints: mapping.checkpoints() }).deliver(handler);
    expect(await shop.counts()).toEqual(once(9));
  });
});
