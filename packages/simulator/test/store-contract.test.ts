import { describeTransactionContract, contractTables } from '../../commit/test/transaction-contract.ts';
import { createStore, transactionRequest } from '../src/index.ts';

describeTransactionContract('simulated store', async () => {
  const store = createStore({
    tables: Object.values(contractTables).map(({ name, key }) => ({ name, key: [key] })),
    now: () => 0,
  });
  return {
    port: { transact: async (request) => transactionRequest(store, request).begin().finish() },
    itemAt: async ({ table, key }) => store.get(table, key as never) as never,
  };
});
