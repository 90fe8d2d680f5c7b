export { assertSendable } from '../assert-sendable.ts';
export { itemAfter, meetsCondition } from './apply-action.ts';
export { compareValues } from './compare-values.ts';
export {
  createMemoryTransactions,
  type MemoryTransactions,
  TOKEN_WINDOW_MS,
} from './create-memory-transactions.ts';
