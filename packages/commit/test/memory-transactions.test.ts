import { expect, it } from 'vitest';
import { describeTransactionContract } from '../src/contract/index.ts';
import { createMemoryTransactions } from '../src/memory/index.ts';

describeTransactionContract('memory', async () => {
  const port = createMemoryTransactions({ now: () => 0 });
  return { port, itemAt: async ({ table, key }) => port.get(table, key) };
});

it('lets a token name a new request once its window of 10 minutes has passed', async () => {
  let now = 0;
  const port = createMemoryTransactions({ now: () => now });
  const request = {
    actions: [{ type: 'update', table: 'T', key: { Id: { S: 'a' } }, add: { Value: '1' } }],
    token: 'token',
    timeoutMs: 1,
  } as const;
  await port.transact(request);
  now = 10 * 60_000 - 1;
  expect(await port.transact(request)).toMatchObject({ code: 'committed', replayed: true });
  now = 10 * 60_000;
  expect(await port.transact(request)).toMatchObject({ code: 'committed', replayed: false });
  expect(port.get('T', { Id: { S: 'a' } })).toEqual({ Id: { S: 'a' }, Value: { N: '2' } });
});
