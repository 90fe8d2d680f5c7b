// Goal: an upgrade from release 0.1.0 in mid-stream neither counts a record twice nor loses one, and old code that runs after
// new code stops instead of counting.
// Method: the functions of 0.1.0 take the first part of a stream in batches, some of which are about to be redelivered; then
// today's functions get everything, in other batches, over the same tables. Each trade is worth another power of ten.
import { useDynamoDb } from '@oncefold/engines/vitest';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BUILD_TIMEOUT_MS, buildToday } from './support/build-today.ts';
import { createPipeline, type Pipeline } from './support/pipeline.ts';
import { accounted, exactSums, fold, sendTrades, sums, trades } from './support/run-stages.ts';

const database = useDynamoDb();
/** So many trades arrive before the upgrade; the old map and reduce functions lag behind them. */
const TRADES_BEFORE = 22;
/** The strategies that promise exactness, each in each stage; the first are the defaults. */
const cases: readonly Readonly<Record<string, string>>[] = [
  { MapStrategy: 'checkpoint', ReduceStrategy: 'ledger' },
  { MapStrategy: 'ledger', ReduceStrategy: 'checkpoint' },
];

let pipeline: Pipeline;

beforeAll(buildToday, BUILD_TIMEOUT_MS);

afterEach(() => pipeline.stop());

/** Leaves tables as a stack of 0.1.0 has them in the middle of its work. */
async function runOldRelease(): Promise<void> {
  await sendTrades(pipeline, '0.1.0', { to: TRADES_BEFORE, batch: 4 });
  await fold(pipeline, 'map', '0.1.0', { to: 14, batch: 3 });
  await fold(pipeline, 'reduce', '0.1.0', { to: 3, batch: 2 });
}

describe.each(cases)(
  'an upgrade from 0.1.0 with map $MapStrategy and reduce $ReduceStrategy',
  (parameters) => {
    it('counts every record once, though everything is redelivered in other batches', async () => {
      pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
      await runOldRelease();
      expect(await sums(pipeline)).not.toEqual({});
      await sendTrades(pipeline, 'today', { batch: 7 });
      await fold(pipeline, 'map', 'today', { batch: 5 });
      await fold(pipeline, 'reduce', 'today', { batch: 4 });
      expect(await sums(pipeline)).toEqual(exactSums);
      expect(await accounted(pipeline)).toBe(trades.length);
      // And once more, by processes that know nothing.
      await pipeline.restart('today');
      await sendTrades(pipeline, 'today', { batch: 5 });
      await fold(pipeline, 'map', 'today', { batch: 11 });
      await fold(pipeline, 'reduce', 'today', { batch: 3 });
      expect(await sums(pipeline)).toEqual(exactSums);
      expect(await accounted(pipeline)).toBe(trades.length);
    });

    it('lets old code that runs once more count nothing again: it knows the record, or it stops', async () => {
      pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
      await runOldRelease();
      await sendTrades(pipeline, 'today', { to: TRADES_BEFORE, batch: 6 });
      await fold(pipeline, 'map', 'today', { to: 17, batch: 6 });
      await fold(pipeline, 'reduce', 'today', { to: 4, batch: 3 });
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
      await sendTrades(pipeline, 'today', { batch: 7 });
      await fold(pipeline, 'map', 'today', { batch: 5 });
      await fold(pipeline, 'reduce', 'today', { batch: 4 });
      expect(await sums(pipeline)).toEqual(exactSums);
      expect(await accounted(pipeline)).toBe(trades.length);
    });

    it('takes no account over for another stream whose shards have the same ids', async () => {
      pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
      await runOldRelease();
      const before = await accounted(pipeline);
      const eventSourceARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/AnotherStream';
      const others = trades.slice(0, 4).map(({ event }) => ({ ...event, eventSourceARN }));
      for (const other of others) {
        await pipeline.process('state', 'today', [other]);
      }
      expect(await accounted(pipeline)).toBe(before + others.length);
      await sendTrades(pipeline, 'today', { batch: 7 });
      expect(await accounted(pipeline)).toBe(trades.length + others.length);
    });

    it('stops old code on a shard that it has not begun and new code has', async () => {
      pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
      await sendTrades(pipeline, 'today', { to: TRADES_BEFORE, batch: 6 });
      const before = await accounted(pipeline);
      const records = trades.flatMap(({ shard, event }) => (shard === 0 ? [event] : []));
      expect(await pipeline.deliver('state', '0.1.0', records)).toMatchObject(
        stoppedBy('StoreError', 'cannot be compared'),
      );
      expect(await accounted(pipeline)).toBe(before);
      await sendTrades(pipeline, 'today', { batch: 7 });
      expect(await accounted(pipeline)).toBe(trades.length);
    });

    it('would count twice if it did not ask for what 0.1.0 has written, so that this test can see', async () => {
      pipeline = await createPipeline({
        endpoint: database.endpoint,
        parameters: { ...parameters, FormerKeys: 'false' },
      });
      await runOldRelease();
      await sendTrades(pipeline, 'today', { batch: 7 });
      await fold(pipeline, 'map', 'today', { batch: 5 });
      await fold(pipeline, 'reduce', 'today', { batch: 4 });
      expect(await sums(pipeline)).not.toEqual(exactSums);
      expect(await accounted(pipeline)).toBe(TRADES_BEFORE + trades.length);
    });
  },
);

function stoppedBy(errorType: string, part: string): object {
  return { code: 'failed', cause: 'handler', errorType, errorMessage: expect.stringContaining(part) };
}
