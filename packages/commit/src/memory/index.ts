export { createMemoryTransactions, type MemoryTransactions } from './create-memory-transactions.ts';
