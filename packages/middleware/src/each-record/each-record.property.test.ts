// Law: whatever bytes come, every record is applied or quarantined, exactly once, in any grouping and any redelivery.
// Method: records of arbitrary bytes and of near-valid JSON are delivered in arbitrary cuts, several times, to new handlers over one store.
import { incrementEach, ledger } from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import { one } from '@oncefold/reducer';
import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { commitOnce } from '../commit-once.ts';
import { eachRecord } from './each-record.ts';

const names = { namespace: 'n', consumer: 'c' };
const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 30_000 } as Context;
const options = { quarantine: { ...names, table: 'Quarantine' }, onInvalid: () => {} };

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .record({
      shelf: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('k'.repeat(2_049))),
      pieces: fc.double(),
    })
    .map((order) => Buffer.from(JSON.stringify(order))),
  fc
    .constantFrom('{"shelf":"a"}', '{"shelf":"\\ud800"}', '{"shelf":"a","pieces":1e999}')
    .map((text) => Buffer.from(text)),
);
const deliveries = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 8 });

it.each(['with', 'without'])('any bytes end as applied or quarantined, once, %s a schema', async (which) => {
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 20 }), deliveries, async (payloads, cuts) => {
      const store = createMemoryTransactions({ now: () => 0 });
      const Records = payloads.map((payload, index) => ({
        eventID: `shardId-1:${index}`,
        eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
        kinesis: {
          sequenceNumber: String(index),
          approximateArrivalTimestamp: 0,
          data: Buffer.from(payload).toString('base64'),
        },
      }));
      const fold =
        which === 'with'
          ? eachRecord(
              { ...options, schema: z.object({ shelf: z.string() }) },
              ({ shelf }) => new Map([[shelf, one]]),
            )
          : eachRecord(options, (order) => new Map([[order.get('shelf').text(), one]]));
      for (const [from, length] of [...cuts, [0, Records.length] as const]) {
        const handler = commitOnce(
          {
            transactions: store,
            strategy: ledger({ ...names, table: 'Ledger', now: () => 0 }),
            effect: incrementEach({ table: 'Stock', key: 'Shelf', attribute: 'Pieces' }),
          },
          fold,
        );
        await handler({ Records: Records.slice(from, from + length) }, context);
      }
      const applied = store
        .items('Stock')
        .reduce((sum, { Pieces }) => sum + (Pieces !== undefined && 'N' in Pieces ? Number(Pieces.N) : 0), 0);
      expect(applied + store.items('Quarantine').length).toBe(Records.length);
      expect(store.items('Ledger')).toHaveLength(Records.length);
    }),
    { numRuns: 200 },
  );
});
