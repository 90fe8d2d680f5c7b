// Goal: an upgrade from release 0.2.0 in mid-stream, and the way back, neither count a record twice nor lose one.
// Method: the functions of 0.2.0 take the first part of a stream, today's functions the next one, and then each release in turn
// gets everything, in other batches, over the same tables. Each trade is worth another power of ten.
import { useDynamoDb } from '@oncefold/engines/vitest';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BUILD_TIMEOUT_MS, buildToday } from './support/build-today.ts';
import { createPipeline, type Pipeline, type Release } from './support/pipeline.ts';
import { accounted, exactSums, fold, sendTrades, sums, trades } from './support/run-stages.ts';

const database = useDynamoDb();
/** So many trades arrive before the upgrade; the old map and reduce functions lag behind them. */
const TRADES_BEFORE = 22;
/** The strategies that promise exactness, each in each stage, the first are the defaults; and a stack that never ran 0.1.0. */
const cases: readonly Readonly<Record<string, string>>[] = [
  { MapStrategy: 'checkpoint', ReduceStrategy: 'ledger', FormerKeys: 'true' },
  { MapStrategy: 'ledger', ReduceStrategy: 'checkpoint', FormerKeys: 'true' },
  { MapStrategy: 'checkpoint', ReduceStrategy: 'ledger', FormerKeys: 'false' },
];

let pipeline: Pipeline;

beforeAll(buildToday, BUILD_TIMEOUT_MS);
afterEach(() => pipeline.stop());

/** Leaves tables as a stack has them in the middle of its work. */
async function begin(release: Release): Promise<void> {
  await sendTrades(pipeline, release, { to: TRADES_BEFORE, batch: 4 });
  await fold(pipeline, 'map', release, { to: 14, batch: 3 });
  await fold(pipeline, 'reduce', release, { to: 3, batch: 2 });
}

/** Delivers the whole stream, to each stage in turn, in batches of its own. */
async function deliverAll(
  release: Release,
  [state, map, reduce]: readonly [number, number, number],
): Promise<void> {
  await sendTrades(pipeline, release, { batch: state });
  await fold(pipeline, 'map', release, { batch: map });
  await fold(pipeline, 'reduce', release, { batch: reduce });
}

async function expectExact(): Promise<void> {
  expect(await sums(pipeline)).toEqual(exactSums);
  expect(await accounted(pipeline)).toBe(trades.length);
}

describe.each(cases)(
  'an upgrade from 0.2.0 with map $MapStrategy, reduce $ReduceStrategy and former keys $FormerKeys',
  (parameters) => {
    it('counts every record once, though everything is redelivered in other batches', async () => {
      pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
      await begin('0.2.0');
      expect(await sums(pipeline)).not.toEqual({});
      await deliverAll('today', [7, 5, 4]);
      await expectExact();
      const quarantined = await pipeline.scan('QuarantineTable');
      expect(quarantined.length).toBeGreaterThan(0);
      // And once more, by processes that know nothing.
      await pipeline.restart('today');
      await deliverAll('today', [5, 11, 3]);
      await expectExact();
      expect(await pipeline.scan('QuarantineTable')).toEqual(quarantined);
    });

    it('counts every record once on the way back, too, and wherever old and new code take turns', async () => {
      pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
      await begin('today');
      await fold(pipeline, 'map', '0.2.0', { from: 9, to: 17, batch: 2 });
      await fold(pipeline, 'reduce', '0.2.0', { from: 1, to: 5, batch: 3 });
      await sendTrades(pipeline, '0.2.0', { to: TRADES_BEFORE + 5, batch: 6 });
      await fold(pipeline, 'map', 'today', { from: 12, to: 20, batch: 7 });
      await deliverAll('0.2.0', [7, 5, 4]);
      await expectExact();
      for (const release of ['today', '0.2.0'] as const) {
        await pipeline.restart(release);
        await deliverAll(release, [5, 11, 3]);
        await expectExact();
      }
    });

    it.each(['0.2.0', 'today'] as const)(
      'lets %s ignore attributes that it does not know',
      async (release) => {
        pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
        await begin(release);
        // So that there are quarantined records, too.
        await sendTrades(pipeline, release, { batch: 4 });
        // What a later release may add to items that exist. In StateTable this is a change, which must add nothing.
        const later = { Later: { S: 'x' } };
        const keys = {
          StateTable: ['id'],
          PositionTable: ['Position'],
          LedgerTable: ['Marker'],
          AccountingTable: ['Shard'],
          AggregateTable: ['Identifier'],
          QuarantineTable: ['Source', 'Part'],
        };
        for (const [table, names] of Object.entries(keys)) {
          const items = await pipeline.scan(table);
          expect(items.length, table).toBeGreaterThan(0);
          for (const item of items) {
            const key = Object.fromEntries(
              names.map((name) => [name, item[name] ?? { NULL: true as const }]),
            );
            await pipeline.setAttribute(table, key, later);
          }
        }
        pipeline.addToRows(later);
        await deliverAll(release, [7, 5, 4]);
        await expectExact();
      },
    );

    it('lets 0.2.0 take what a running rebuild has written', async () => {
      pipeline = await createPipeline({ endpoint: database.endpoint, parameters });
      const control = { Number: { N: '7' }, Owner: { S: 'x' }, State: { S: 'running' } };
      for (const [name, value] of Object.entries(control)) {
        await pipeline.setAttribute('RecountTable', { Identifier: { S: ':control' } }, { [name]: value });
      }
      await begin('today');
      const trades = await pipeline.scan('StateTable');
      expect(trades.every(({ Recount }) => Recount?.N === '7')).toBe(true);
      // A wave of marks, and a post, as a rebuild writes them.
      for (const { id = { S: '' } } of trades) {
        await pipeline.setAttribute('StateTable', { id }, { RecountWave: { N: '1' } });
      }
      await pipeline.setAttribute('StateTable', { id: { S: ':recount:7:0' } }, { Recount: { N: '7' } });
      await fold(pipeline, 'map', 'today', { batch: 4 });
      expect((await pipeline.scan('ReduceTable')).some(({ Recount }) => Recount !== undefined)).toBe(true);
      await deliverAll('0.2.0', [7, 5, 4]);
      await expectExact();
      await deliverAll('today', [5, 11, 3]);
      await expectExact();
    });

    it('would count twice under another namespace, so that this test can see', async () => {
      pipeline = await createPipeline({
        endpoint: database.endpoint,
        parameters,
        environment: { NAMESPACE: 'another', FORMER_SOURCE: '' },
      });
      await begin('0.2.0');
      await deliverAll('today', [7, 5, 4]);
      expect(await sums(pipeline)).not.toEqual(exactSums);
      expect(await accounted(pipeline)).toBe(TRADES_BEFORE + trades.length);
    });
  },
);
