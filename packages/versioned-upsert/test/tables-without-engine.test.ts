/**
 * Goal: tables that need no engine keep the promises of those that do. Method: the suite that `tables.test.ts` runs on engines, and what
 * the options refuse.
 */
import type { BatchExecuteStatementCommandOutput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { commandRequest, createStore } from '@oncefold/simulator';
import { describe, expect, it } from 'vitest';
import { versionedTable } from '../src/dynamodb/index.ts';
import { createMemoryTable } from '../src/memory/index.ts';
import { orderForm, readingForm, writable, write } from './support/orders.ts';
import {
  describeTable,
  describeTableWithAbsentAttributes,
  order,
  plainForm,
  type Tables,
  tablesOf,
} from './support/table-contract.ts';

for (const describeIt of [describeTable, describeTableWithAbsentAttributes]) {
  describeIt('in memory', memoryTables);
  describeIt('on the simulated store', () => tablesOf(createSimulatedClient()));
}

describe('createMemoryTable', () => {
  it.each([0, 26])('takes %i writes in one call no more than DynamoDB does', async (count) => {
    const table = createMemoryTable(plainForm);
    const write = { mode: 'insert', version: writable(table, order('a', 1)) } as const;
    const writes = Array.from({ length: count }, () => write);
    await expect(table.write(writes, AbortSignal.timeout(60_000))).rejects.toThrow('1 to 25 writes');
  });
});

describe('versionedTable', () => {
  const client = createSimulatedClient();

  it('reads the item that an engine does not return with its refusal', async () => {
    const { orders } = tablesOf(withoutItems(createSimulatedClient()));
    await write(orders, 'insert', order('a', 2), order('b', 2));
    expect(await write(orders, 'update', order('a', 1), order('b', 3))).toEqual([
      { code: 'kept', existing: expect.anything() },
      { code: 'written' },
    ]);
    expect(await write(orders, 'update', order('none', 1))).toEqual([{ code: 'absent' }]);
  });

  it('refuses a name that would change the statement, and names that make it too long', () => {
    expect(() => versionedTable({ ...orderForm, client, table: 'a" VALUE {}--' })).toThrow(TypeError);
    const attributes = Array.from({ length: 100 }, (_none, index) => `${'x'.repeat(100)}${index}`);
    expect(() => versionedTable({ ...orderForm, attributes, client, table: 'Orders' })).toThrow('8192');
  });
});

function memoryTables(): Tables {
  const orders = createMemoryTable(plainForm);
  const withTombstones = createMemoryTable(orderForm);
  return {
    orders,
    withTombstones,
    readings: createMemoryTable(readingForm),
    orderOf: async (id) =>
      [...orders.items(), ...withTombstones.items()].find((item) => item['OrderId']?.S === id),
  };
}

/** A client of an engine that does not return the item because of which it refuses a statement, as dynoxide. */
function withoutItems(client: DynamoDBClient): DynamoDBClient {
  const send = async (...request: Parameters<typeof client.send>) => {
    const { Responses, ...answer } = await (client.send(
      ...request,
    ) as unknown as Promise<BatchExecuteStatementCommandOutput>);
    if (!Array.isArray(Responses)) {
      // What a read answers is by table.
      return { ...answer, Responses };
    }
    return {
      ...answer,
      Responses: Responses.map(({ Error: error, ...response }) =>
        error === undefined ? response : { ...response, Error: { Code: error.Code } },
      ),
    };
  };
  return { send } as unknown as DynamoDBClient;
}

function createSimulatedClient(): DynamoDBClient {
  const tables = [
    { name: 'Orders', key: ['OrderId', 'Line'], keyTypes: ['S', 'N'] },
    { name: 'Readings', key: ['Sensor'], keyTypes: ['B'] },
  ] as const;
  const store = createStore({ tables, now: () => 0 });
  const own = {
    send: async (command: unknown, { abortSignal }: { abortSignal?: AbortSignal } = {}) => {
      abortSignal?.throwIfAborted();
      return commandRequest(store, command).begin().finish();
    },
  };
  return own as unknown as DynamoDBClient;
}
