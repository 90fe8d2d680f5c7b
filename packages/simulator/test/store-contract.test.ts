/** Goal: the simulated store keeps every promise that the engines keep. Method: the contract suite of the port, over both dialects. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '@oncefold/commit';
import { contractTables, describeTransactionContract } from '@oncefold/commit/contract';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import {
  type AttributeMap,
  commandRequest,
  createStore,
  type SimulatedStore,
  transactionRequest,
} from '../src/index.ts';

function createContractStore(): SimulatedStore {
  return createStore({
    tables: Object.values(contractTables).map(({ name, key }) => ({ name, key: [key] })),
    now: () => 0,
  });
}

describeTransactionContract('simulated store', async () => {
  const store = createContractStore();
  return {
    port: { transact: async (request) => transactionRequest(store, request).begin().finish() },
    itemAt: async ({ table, key }) => store.get(table, key as AttributeMap) as Item | undefined,
  };
});

describeTransactionContract('DynamoDB adapter on the simulated store', async () => {
  const store = createContractStore();
  const client = {
    config: { maxAttempts: async () => 1 },
    send: async (command: unknown) => commandRequest(store, command).begin().finish(),
  };
  return {
    port: createDynamoDbTransactions(client as unknown as DynamoDBClient),
    itemAt: async ({ table, key }) => store.get(table, key as AttributeMap) as Item | undefined,
  };
});
