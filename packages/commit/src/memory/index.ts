export { assertSendable } from '../assert-sendable.ts';
export { itemAfter, meetsCondition } from './apply-action.ts';
export {
  createMemoryTransactions,
  type MemoryTransactions,
  TOKEN_WINDOW_MS,
} from './create-memory-transactions.ts';
