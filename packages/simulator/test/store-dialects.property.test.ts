/**
 * Goal: a strategy cannot see on which store it runs. Method: random transactions, with tokens that are used again, are sent to
 * both dialects of the simulated store and to the memory adapter; all give the same outcomes and leave the same items.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Action, TransactionOutcome, TransactionPort, TransactionRequest } from '@oncefold/commit';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandRequest, createStore, type SimulatedStore, transactionRequest } from '../src/index.ts';

const tables = [{ name: 'Items', key: ['Id'] }] as const;
const WINDOW_MS = 600_000;

const place = fc.constantFrom('a', 'b', 'c').map((id) => ({ table: 'Items', key: { Id: { S: id } } }));
const text = fc.constantFrom('1', '2', '3');
const attributes = fc.oneof(
  text.map((value) => ({ Position: { S: value } })),
  text.map((value) => ({ Value: { N: value } })),
);
const action: fc.Arbitrary<Action> = fc.oneof(
  fc
    .tuple(place, fc.constantFrom('1', '-0.5', '0', '12345678901234567890123.5'))
    .map(([at, by]): Action => ({ type: 'update', ...at, add: { Value: by } })),
  fc.tuple(place, attributes).map(([at, item]): Action => ({ type: 'put', ...at, attributes: item })),
  fc
    .tuple(place, attributes)
    .map(([at, item]): Action => ({ type: 'put-if-absent', ...at, attributes: item })),
  fc
    .tuple(place, text, text)
    .map(([at, below, to]): Action => ({ type: 'raise', ...at, attribute: 'Position', below, to })),
  fc.tuple(place, text, text).map(
    ([at, previous, next]): Action => ({
      type: 'compare-and-set',
      ...at,
      attribute: 'Position',
      previous,
      next,
    }),
  ),
);
const step = fc.record({
  actions: fc.array(action, { minLength: 1, maxLength: 3 }),
  token: fc.option(fc.constantFrom('t1', 't2'), { nil: undefined }),
  /** Which earlier request is sent instead, if any. */
  again: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  passedMs: fc.constantFrom(0, 1, WINDOW_MS - 1, WINDOW_MS),
});

it('gives the same outcomes and items in both dialects, and in memory', async () => {
  const met = new Set<string>();
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
    let now = 0;
    const [ported, commanded] = [
      createStore({ tables, now: () => now }),
      createStore({ tables, now: () => now }),
    ];
    const memory = createMemoryTransactions({ now: () => now });
    const ports = [portOf(ported), clientPortOf(commanded), memory];
    const sent: TransactionRequest[] = [];
    for (const { actions, token, again, passedMs } of steps) {
      now += passedMs;
      const made = { actions, timeoutMs: 1_000, ...(token !== undefined && { token }) };
      const request = (again === undefined ? undefined : sent[sent.length - 1 - again]) ?? made;
      sent.push(request);
      const outcomes = await Promise.all(ports.map((port) => outcomeOf(port, request)));
      expect(outcomes[0]).toEqual(outcomes[2]);
      expect(outcomes[1]).toEqual(outcomes[2]);
      met.add(
        outcomes[0]?.code === 'committed' && outcomes[0].replayed ? 'replayed' : (outcomes[0]?.code ?? ''),
      );
    }
    const items = sorted(memory.items('Items'));
    expect(sorted(ported.snapshot('Items'))).toEqual(items);
    expect(sorted(commanded.snapshot('Items'))).toEqual(items);
  });
  await fc.assert(property, { numRuns: 300 });
  expect([...met].sort()).toEqual(['committed', 'condition-failed', 'refused', 'replayed', 'token-mismatch']);
});

function portOf(store: SimulatedStore): TransactionPort {
  return { transact: async (request) => transactionRequest(store, request).begin().finish() };
}

function clientPortOf(store: SimulatedStore): TransactionPort {
  const client = {
    config: { maxAttempts: async () => 1 },
    send: async (command: unknown) => commandRequest(store, command).begin().finish(),
  };
  return createDynamoDbTransactions(client as unknown as DynamoDBClient);
}

async function outcomeOf(
  port: TransactionPort,
  request: TransactionRequest,
): Promise<TransactionOutcome | { readonly code: 'refused' }> {
  return port.transact(request).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'transaction-refused' });
    return { code: 'refused' } as const;
  });
}

function sorted(items: readonly object[]): string[] {
  return items.map((item) => JSON.stringify(Object.entries(item).sort())).sort();
}
