export { createStore, type SimulatedStore, type StoreOptions } from './store/create-store.ts';
export { type CommandOutput, commandRequest } from './store/dynamodb-client.ts';
export { SimulatedStoreError } from './store/simulated-store-error.ts';
export type {
  AttributeMap,
  Execution,
  ItemChange,
  MemberThrottle,
  StoreRequest,
  TableDefinition,
} from './store/store.ts';
export { transactionRequest } from './store/transactions.ts';
