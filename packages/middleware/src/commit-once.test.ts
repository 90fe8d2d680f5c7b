import middy from '@middy/core';
import { type Batch, incrementEach, ledger, type RetryLimits } from '@oncefold/commit';
import { createMemoryTransactions, type MemoryTransactions } from '@oncefold/commit/memory';
import { parseDecimal } from '@oncefold/reducer';
import type { Context, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { commitOnce } from './commit-once.ts';

const effect = incrementEach({ table: 'Stock', key: 'Shelf', attribute: 'Pieces' });
const strategy = () =>
  ledger({ namespace: 'n', consumer: 'stock', table: 'Ledger', retentionSeconds: 60, now: () => 0 });
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;

function event(...sequenceNumbers: number[]): KinesisStreamEvent {
  return {
    Records: sequenceNumbers.map(
      (sequenceNumber) =>
        ({
          eventID: `shardId-000000000000:${sequenceNumber}`,
          eventSource: 'aws:kinesis',
          kinesis: {
            sequenceNumber: String(sequenceNumber),
            data: 'c2hlbGY=',
            approximateArrivalTimestamp: 1_700_000_000,
          },
        }) as KinesisStreamRecord,
    ),
  };
}

const onePiece = async (received: KinesisStreamEvent) =>
  received.Records.map(() => ({ contribution: new Map([['shelf', parseDecimal('1')]]) }));

const piecesIn = (store: MemoryTransactions) => store.get('Stock', { Shelf: { S: 'shelf' } })?.['Pieces'];

describe('commitOnce', () => {
  it('commits what the handler returns, and once when the batch comes again in another cut', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = middy<KinesisStreamEvent>()
      .use(commitOnce({ transactions: store, strategy: strategy(), effect }))
      .handler(onePiece);
    expect(await handler(event(1, 2), context)).toEqual({ batchItemFailures: [] });
    await handler(event(1), context);
    await handler(event(2, 3), context);
    expect(piecesIn(store)).toEqual({ N: '3' });
  });

  it('takes the identities before a later middleware changes the event in place', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = middy<KinesisStreamEvent>()
      .use(commitOnce({ transactions: store, strategy: strategy(), effect }))
      .before((request) => {
        for (const record of request.event.Records) record.eventID = 'changed';
      })
      .handler(onePiece);
    await handler(event(1, 2), context);
    expect(store.items('Ledger').map((item) => item['Marker'])).toEqual([
      { S: 'stock#shardId-000000000000:1' },
      { S: 'stock#shardId-000000000000:2' },
    ]);
  });

  it('names records by a business key when told how', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const recordId = (record: KinesisStreamRecord): string => `order-${record.kinesis.sequenceNumber}`;
    const handler = middy<KinesisStreamEvent>()
      .use(commitOnce({ transactions: store, strategy: strategy(), effect, recordId }))
      .handler(onePiece);
    await handler(event(7), context);
    expect(store.items('Ledger')[0]?.['Marker']).toEqual({ S: 'stock#order-7' });
  });

  it('fails the invocation when the commit fails, so that the mapping delivers again', async () => {
    const limits: RetryLimits = { attemptsMax: 2, backoffBaseMs: 0, backoffMaxMs: 0, requestTimeoutMs: 10 };
    const store = createMemoryTransactions({ now: () => 0 });
    const transactions = { ...store, transact: async () => ({ code: 'conflict' }) as const };
    const handler = middy<KinesisStreamEvent>()
      .use(commitOnce({ transactions, strategy: strategy(), effect, limits }))
      .handler(onePiece);
    await expect(handler(event(1), context)).rejects.toMatchObject({ code: 'commit-undecided', attempts: 2 });
  });

  it('ends before the function does: without time left it sends nothing and fails', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = middy<KinesisStreamEvent>()
      .use(commitOnce({ transactions: store, strategy: strategy(), effect }))
      .handler(onePiece);
    const late = { getRemainingTimeInMillis: () => 1_000 } as Context;
    await expect(handler(event(1), late)).rejects.toMatchObject({ code: 'commit-undecided' });
    expect(store.items('Stock')).toEqual([]);
  });

  it('writes nothing when the handler throws', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = middy<KinesisStreamEvent>()
      .use(commitOnce({ transactions: store, strategy: strategy(), effect }))
      .handler(async () => {
        throw new Error('bug');
      });
    await expect(handler(event(1), context)).rejects.toThrow('bug');
    expect(store.items('Stock')).toEqual([]);
  });

  it.each([
    ['no list', async () => undefined],
    ['fewer elements than records', async () => []],
    ['an object in place of a map', async () => [{ contribution: { shelf: 1n } }]],
  ])('refuses a handler that returns %s', async (_, handle) => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = middy<KinesisStreamEvent>()
      .use(commitOnce({ transactions: store, strategy: strategy(), effect }))
      .handler(handle);
    await expect(handler(event(1), context)).rejects.toMatchObject({ code: 'strategy-unusable' });
    expect(store.items('Stock')).toEqual([]);
  });

  it('gives a tumbling window its state back, on its last invocation without records too', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = middy<KinesisStreamEvent>()
      .use(commitOnce({ transactions: store, strategy: strategy(), effect }))
      .handler(onePiece);
    const windowed = { ...event(), shardId: 'shardId-1', state: {}, isFinalInvokeForWindow: true };
    expect(await handler(windowed, context)).toEqual({ batchItemFailures: [], state: {} });
  });

  it('tells of the batch after its commit', async () => {
    const told: [string[], Batch][] = [];
    const handler = middy<KinesisStreamEvent>()
      .use(
        commitOnce({
          transactions: createMemoryTransactions({ now: () => 0 }),
          strategy: strategy(),
          effect,
          onCommitted: (report, batch) => {
            told.push([[...report.applied], batch]);
          },
        }),
      )
      .handler(onePiece);
    await handler(event(1), context);
    expect(told[0]?.[0]).toEqual(['shardId-000000000000:1']);
    expect(told[0]?.[1]).toMatchObject({
      shardId: 'shardId-000000000000',
      records: [{ sequenceNumber: '1', time: 1_700_000_000 }],
    });
  });

  it('refuses an option that nobody reads and one that is missing', () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const options = { transactions: store, strategy: strategy(), effect };
    expect(() => commitOnce({ ...options, recordID: () => 'x' } as never)).toThrow(/no option recordID/);
    expect(() => commitOnce({ transactions: store, effect } as never)).toThrow(/option strategy is missing/);
  });

  it('refuses records without an id and records of several shards', async () => {
    const handler = middy<KinesisStreamEvent>()
      .use(
        commitOnce({
          transactions: createMemoryTransactions({ now: () => 0 }),
          strategy: strategy(),
          effect,
        }),
      )
      .handler(onePiece);
    const nameless = event(1);
    delete (nameless.Records[0] as Partial<KinesisStreamRecord>).eventID;
    await expect(handler(nameless, context)).rejects.toThrow('Records[0]: the record has no id');
    const mixed = event(1, 2);
    (mixed.Records[1] as KinesisStreamRecord).eventID = 'shardId-000000000001:2';
    await expect(handler(mixed, context)).rejects.toThrow('Records[1]');
  });
});
