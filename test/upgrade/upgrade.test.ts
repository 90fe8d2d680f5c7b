// Goal: an upgrade from release 0.1.0 in mid-stream neither counts a record twice nor loses one, and old code that runs after
// new code stops instead of counting.
// Method: the functions of 0.1.0 take the first part of a stream in batches, some of which are about to be redelivered; then
// today's functions get everything, in other batches, over the same tables. Each trade is worth another power of ten.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { formatDecimal, parseSum } from '@oncefold/reducer';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tools } from '../template/needed-permissions.ts';
import { root } from '../template/project-template.ts';
import { createPipeline, kinesisRecords, type Pipeline, type Release } from './support/pipeline.ts';
import { changesOfTrades, totalOfTrades, tradeRecords } from './support/trades.ts';

const database = useDynamoDb();
const trades = kinesisRecords(tradeRecords);
/** So many trades arrive before the upgrade; the old map and reduce functions lag behind them. */
const TRADES_BEFORE = 22;
/** The strategies that promise exactness, each in each stage; the first are the defaults. */
const cases: readonly Readonly<Record<string, string>>[] = [
  { MapStrategy: 'checkpoint', ReduceStrategy: 'ledger' },
  { MapStrategy: 'ledger', ReduceStrategy: 'checkpoint' },
];

let pipeline: Pipeline;

beforeAll(async () => {
  const turbo = join(root, 'node_modules', '.bin', 'turbo');
  await promisify(execFile)(
    turbo,
    ['run', 'build', '--filter=./services/*', '--output-logs=errors-only', '--no-daemon'],
    { cwd: root, env: tools, timeout: 120_000 },
  );
}, 150_000);

afterEach(() => pipeline.stop());

/** Delivers trades up to, but without, `to` in batches of so many records of one shard. */
async function sendTrades(release: Release, { to, batch }: { to: number; batch: number }): Promise<void> {
  for (const shard of [0, 1]) {
    const records = trades.slice(0, to).flatMap((trade) => (trade.shard === shard ? [trade.event] : []));
    for (const part of inBatches(records, batch)) {
      await pipeline.process('state', release, part);
    }
  }
}

/** Delivers what feeds map or reduce, from `from` up to, but without, `to`. */
async function fold(
  stage: 'map' | 'reduce',
  release: Release,
  { from = 0, to, batch }: { from?: number; to?: number; batch: number },
): Promise<void> {
  const records = (await pipeline.changes(stage)).slice(from, to);
  for (const part of inBatches(records, batch)) {
    await pipeline.process(stage, release, part);
  }
}

function inBatches<Value>(values: readonly Value[], size: number): Value[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, at) =>
    values.slice(at * size, (at + 1) * size),
  );
}

/** Leaves tables as a stack of 0.1.0 has them in the middle of its work. */
async function runOldRelease(): Promise<void> {
  await sendTrades('0.1.0', { to: TRADES_BEFORE, batch: 4 });
  await fold('map', '0.1.0', { to: 14, batch: 3 });
  await fold('reduce', '0.1.0', { to: 3, batch: 2 });
}

async function sums(): Promise<Record<string, string>> {
  const items = await pipeline.scan('AggregateTable');
  return Object.fromEntries(
    items.map((item) => [item['Identifier']?.S ?? '', formatDecimal(parseSum(item['Value']?.N ?? ''))]),
  );
}

const exactSums = {
  PV: totalOfTrades,
  'PV:FXSpot': totalOfTrades,
  'PV:FXSpot:EMEA': totalOfTrades,
  message_count: String(changesOfTrades),
};

/** How many records of the stream the accounts tell of. */
async function accounted(): Promise<number> {
  const outcomes = ['Applied', 'Duplicate', 'Stale', 'Conflict', 'Quarantined'];
  const items = (await pipeline.scan('AccountingTable')).filter((item) => item['MovedTo'] === undefined);
  return items
    .flatMap((item) => outcomes.map((outcome) => Number(item[outcome]?.N ?? 0)))
    .reduce((sum, count) => sum + count, 0);
}

describe.each(cases)(
  'an upgrade from 0.1.0 with map $MapStrategy and reduce $ReduceStrategy',
  (parameters) => {
    it('counts every record once, though everything is redelivered in other batches', async () => {
      pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
      await runOldRelease();
      expect(await sums()).not.toEqual({});
      await sendTrades('today', { to: trades.length, batch: 7 });
      await fold('map', 'today', { batch: 5 });
      await fold('reduce', 'today', { batch: 4 });
      expect(await sums()).toEqual(exactSums);
      expect(await accounted()).toBe(trades.length);
      // And once more, by processes that know nothing.
      await pipeline.restart('today');
      await sendTrades('today', { to: trades.length, batch: 5 });
      await fold('map', 'today', { batch: 11 });
      await fold('reduce', 'today', { batch: 3 });
      expect(await sums()).toEqual(exactSums);
      expect(await accounted()).toBe(trades.length);
    });

    it('lets old code that runs once more count nothing again: it knows the record, or it stops', async () => {
      pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
      await runOldRelease();
      await sendTrades('today', { to: TRADES_BEFORE, batch: 6 });
      await fold('map', 'today', { to: 17, batch: 6 });
      await fold('reduce', 'today', { to: 4, batch: 3 });
      for (const memory of ['warm', 'cold']) {
        if (memory === 'cold') {
          await pipeline.restart('0.1.0');
        }
        for (const stage of ['map', 'reduce'] as const) {
          // Records that old code applied, that new code applied, and that none has.
          const [from, to] = { map: [10, 19], reduce: [1, 6] }[stage];
          const records = (await pipeline.changes(stage)).slice(from, to);
          const strategy = parameters[`${stage === 'map' ? 'Map' : 'Reduce'}Strategy`];
          expect(await pipeline.deliver(stage, '0.1.0', records), `${memory} ${stage}`).toMatchObject(
            strategy === 'ledger' ? { code: 'succeeded' } : stoppedBy('StrategyError', 'sequence number'),
          );
        }
        const records = trades.slice(TRADES_BEFORE - 4).filter(({ shard }) => shard === 0);
        expect(
          await pipeline.deliver(
            'state',
            '0.1.0',
            records.map(({ event }) => event),
          ),
        ).toMatchObject(stoppedBy('StoreError', 'cannot be compared'));
      }
      await sendTrades('today', { to: trades.length, batch: 7 });
      await fold('map', 'today', { batch: 5 });
      await fold('reduce', 'today', { batch: 4 });
      expect(await sums()).toEqual(exactSums);
      expect(await accounted()).toBe(trades.length);
    });

    it('takes no account over for another stream whose shards have the same ids', async () => {
      pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
      await runOldRelease();
      const before = await accounted();
      const eventSourceARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/AnotherStream';
      const others = trades.slice(0, 4).map(({ event }) => ({ ...event, eventSourceARN }));
      for (const other of others) {
        await pipeline.process('state', 'today', [other]);
      }
      expect(await accounted()).toBe(before + others.length);
      await sendTrades('today', { to: trades.length, batch: 7 });
      expect(await accounted()).toBe(trades.length + others.length);
    });

    it('stops old code on a shard that it has not begun and new code has', async () => {
      pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
      await sendTrades('today', { to: TRADES_BEFORE, batch: 6 });
      const before = await accounted();
      const records = trades.flatMap(({ shard, event }) => (shard === 0 ? [event] : []));
      expect(await pipeline.deliver('state', '0.1.0', records)).toMatchObject(
        stoppedBy('StoreError', 'cannot be compared'),
      );
      expect(await accounted()).toBe(before);
      await sendTrades('today', { to: trades.length, batch: 7 });
      expect(await accounted()).toBe(trades.length);
    });

    it('would count twice if it did not ask for what 0.1.0 has written, so that this test can see', async () => {
      pipeline = await createPipeline({
        endpoint: database.endpoint,
        parameters: { ...parameters, FormerKeys: 'false' },
      });
      await runOldRelease();
      await sendTrades('today', { to: trades.length, batch: 7 });
      await fold('map', 'today', { batch: 5 });
      await fold('reduce', 'today', { batch: 4 });
      expect(await sums()).not.toEqual(exactSums);
      expect(await accounted()).toBe(TRADES_BEFORE + trades.length);
    });
  },
);

function stoppedBy(errorType: string, part: string): object {
  return { code: 'failed', cause: 'handler', errorType, errorMessage: expect.stringContaining(part) };
}
