import { inspect } from 'node:util';
import {
  type Action,
  aggregateTable,
  combineTables,
  ledger,
  none,
  requestTokenStrategy,
  systemClock,
} from '@oncefold/commit';
import { createMemoryTransactions, type MemoryTransactions } from '@oncefold/commit/memory';
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

type More = Omit<Partial<CommitOnceOptions<SQSEvent>>, 'transactions'> & {
  readonly transactions?: MemoryTransactions;
};

function run(
  event: SQSEvent,
  { transactions = createMemoryTransactions({ now: () => 0 }), ...more }: More = {},
) {
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
    ['nothing', undefined, /record 1: what is committed in its place must be .*, not undefined/],
    ['what add returns', stock.add({ shelf: 'a' }, {}), /record 1: .*, not an object \(Map\)/],
    ['a list of writes', [], /record 1: .*, not an object \(Array\)/],
    ['a misspelt member', { write: [] }, /and has no write$/],
    ['a contribution that is none', { contribution: 5 }, /record 1: contribution must be a Map/],
    ['writes that are no list', { writes: {} }, /record 1: writes must be a list/],
  ])('refuses %s in place of a record', async (_, replacement, message) => {
    const { handled } = run(orders(3, -5), { onConditionFailed: () => replacement as never });
    await expect(handled).rejects.toThrow(message);
  });

  it('logs no key and no value of the record whose condition failed: the runtime prints whatever can be enumerated', async () => {
    const { handled } = run(orders(-5));
    const error: unknown = await handled.catch((thrown: unknown) => thrown);
    expect(JSON.stringify({ ...(error as object) })).not.toContain('SHELF');
    expect(inspect(error)).not.toContain('SHELF');
    expect(error).toMatchObject({ action: { key: { PK: { S: 'SHELF#a' } } } });
  });

  it('stops where another program has made text of a limited number, instead of refusing every record', async () => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const key = { PK: { S: 'SHELF#a' }, SK: { S: 'TOTAL' } };
    const text: Action = { type: 'put', table: 'Stock', key, attributes: { pieces: { S: 'many' } } };
    await transactions.transact({ actions: [text], timeoutMs: 1 });
    const { handled } = run(orders(-5), { transactions, onConditionFailed: () => ({}) });
    await expect(handled).rejects.toThrow('pieces of an item of Stock is no number');
  });

  it('divides no group under a guard that is made of the whole group, so that the same batch stays the same', async () => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const options = { transactions, strategy: requestTokenStrategy({ namespace: 'n', consumer: 'c' }) };
    const { handled, again } = run(orders(3, -5), options);
    await expect(handled).rejects.toMatchObject({ code: 'write-refused' });
    expect(transactions.items('Stock')).toEqual([]);
    const filled = {
      type: 'update',
      table: 'Stock',
      key: { PK: { S: 'SHELF#a' }, SK: { S: 'TOTAL' } },
      add: { pieces: '10' },
    } as const;
    await transactions.transact({ actions: [filled], timeoutMs: 1 });
    await again();
    await again();
    expect(transactions.items('Stock')[0]).toMatchObject({ pieces: { N: '8' } });
  });

  it('refuses at cold start to decide by conditions without a guard in the transaction', () => {
    const options = { strategy: none({ newName: () => 'x' }), onConditionFailed: () => ({}) };
    expect(() => run(orders(), options)).toThrow('needs a guard in the transaction, which none has not');
  });
});

describe('commitOnce, at cold start', () => {
  const limits = { attemptsMax: 1, backoffBaseMs: 1, backoffMaxMs: 1, requestTimeoutMs: 1 };

  it.each<[string, object, string]>([
    ['a report to text', { onCommitted: 'log' }, 'the option onCommitted must be a function'],
    ['an id that is text', { recordId: 'messageId' }, 'the option recordId must be a function'],
    ['a flag that is text', { partialResponses: 'true' }, 'partialResponses must be true or false'],
    ['a reserve that is no number', { reserveMs: Number.NaN }, 'must be numbers that are not negative'],
    ['a negative limit', { limits: { ...limits, attemptsMax: -1 } }, 'must be numbers that are not negative'],
    [
      'a misspelt limit',
      { limits: { ...limits, attemptMax: 1 } },
      'commitOnce: limits: there is no option attemptMax',
    ],
    [
      'a limit too few',
      { limits: { attemptsMax: 1 } },
      'commitOnce: limits: the option backoffBaseMs is missing',
    ],
  ])('refuses %s', (_, more, message) => {
    expect(() => run(orders(), more)).toThrow(message);
  });

  it('takes limits, a reserve and a clock', async () => {
    const { handled } = run(orders(1), { limits, reserveMs: 0, partialResponses: false, clock: systemClock });
    expect(await handled).toEqual({ batchItemFailures: [] });
  });
});
