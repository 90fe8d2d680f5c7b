import { aggregateTable, combineTables, ledger, none } from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { type CommitOnceOptions, commitOnce } from './commit-once.ts';

const stock = aggregateTable({
  table: 'Stock',
  key: { PK: 'SHELF#{shelf}', SK: 'TOTAL' },
  measures: ['pieces', 'orders'],
  limits: { pieces: { min: 0 } },
});
const days = aggregateTable({
  table: 'Stock',
  key: { PK: 'SHELF#{shelf}', SK: 'DAY#{day}' },
  measures: ['orders'],
});
const effect = combineTables(stock, days);
const strategy = ledger({ namespace: 'n', consumer: 'c', table: 'Ledger', now: () => 0 });
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
const orders = (...pieces: number[]): SQSEvent => ({
  Records: pieces.map(
    (count, index) =>
      ({
        messageId: `m${index}`,
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-central-1:111122223333:orders',
        attributes: { SentTimestamp: '1000' },
        body: String(count),
      }) as SQSRecord,
  ),
});

function run(event: SQSEvent, more: Partial<CommitOnceOptions<SQSEvent>> = {}) {
  const transactions = createMemoryTransactions({ now: () => 0 });
  const handler = commitOnce({ transactions, strategy, effect, ...more }, ({ Records }: SQSEvent) =>
    Records.map(({ body }) => ({
      contribution: [
        stock.add({ shelf: 'a' }, { pieces: Number(body), orders: 1 }),
        days.add({ shelf: 'a', day: '2026-11-25' }, { orders: 1 }),
      ],
    })),
  );
  return { transactions, handled: handler(event, context), again: () => handler(event, context) };
}

describe('commitOnce, with tables of several keys and measures', () => {
  it('commits a list of contributions to the items of several keys', async () => {
    const { transactions, handled, again } = run(orders(3, -1));
    await handled;
    await again();
    expect(transactions.items('Stock')).toEqual([
      { PK: { S: 'SHELF#a' }, SK: { S: 'DAY#2026-11-25' }, orders: { N: '2' } },
      { PK: { S: 'SHELF#a' }, SK: { S: 'TOTAL' }, pieces: { N: '2' }, orders: { N: '2' } },
    ]);
  });

  it('fails where a limit would not hold, and names the record', async () => {
    const { transactions, handled } = run(orders(3, -5, 1));
    await expect(handled).rejects.toMatchObject({ code: 'write-refused', recordIndex: 1 });
    expect(transactions.get('Stock', { PK: { S: 'SHELF#a' }, SK: { S: 'TOTAL' } })).toMatchObject({
      pieces: { N: '3' },
    });
  });

  it('commits what the team says in place of a record whose limit does not hold', async () => {
    const reports: unknown[] = [];
    const { transactions, handled } = run(orders(3, -5, -3), {
      onConditionFailed: async (record, { index }) => ({
        writes: [
          {
            type: 'put',
            table: 'Refused',
            key: { Id: { S: record.messageId } },
            attributes: { At: { N: String(index) } },
          },
        ],
      }),
      onCommitted: ({ conditionFailed }) => void reports.push(conditionFailed),
    });
    await handled;
    expect(transactions.items('Refused')).toEqual([{ Id: { S: 'm1' }, At: { N: '1' } }]);
    expect(transactions.get('Stock', { PK: { S: 'SHELF#a' }, SK: { S: 'TOTAL' } })).toMatchObject({
      pieces: { N: '0' },
      orders: { N: '2' },
    });
    expect(reports).toEqual([['m1']]);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /record 1: the fold returned undefined/],
    ['a contribution that is none', { contribution: 5 }, /record 1: contribution must be a Map/],
    ['writes that are no list', { writes: {} }, /record 1: writes must be a list/],
  ])('refuses %s in place of a record', async (_, replacement, message) => {
    const { handled } = run(orders(3, -5), { onConditionFailed: () => replacement as never });
    await expect(handled).rejects.toThrow(message);
  });

  it('refuses at cold start to decide by conditions without a guard in the transaction', () => {
    const options = { strategy: none({ newName: () => 'x' }), onConditionFailed: () => ({}) };
    expect(() => run(orders(), options)).toThrow('needs a guard in the transaction, which none has not');
  });
});
