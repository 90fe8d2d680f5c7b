export { type CommitOptions, type CommitReport, commitBatch } from './commit-batch.ts';
export { createStrategy, type StrategyOptions } from './create-strategy.ts';
export { type Effect, type GroupIdentity, incrementEach, ROW_KEYS_MAX, rowOfSums } from './effect.ts';
export {
  type AnyCommitError,
  CommitUndecidedError,
  GuardViolationError,
  RecordTooLargeError,
  StrategyError,
  TransactionRefusedError,
} from './errors.ts';
export { defaultRetryLimits, type RetryLimits, type Surroundings, systemSurroundings } from './retry.ts';
export { compareSequenceNumbers } from './sequence-number.ts';
export { checkpoint } from './strategies/checkpoint.ts';
export { ledger } from './strategies/ledger.ts';
export { none } from './strategies/none.ts';
export { requestTokenStrategy } from './strategies/request-token.ts';
export type {
  Batch,
  CommitRecord,
  DecidedOutcome,
  DecidedRead,
  Division,
  Guard,
  Invocation,
  Strategy,
  StrategyCode,
  StrategySession,
} from './strategy.ts';
export {
  ACTIONS_MAX,
  type Action,
  type AttributeValue,
  type CompareAndSet,
  type ConsumedUnits,
  type FailedCondition,
  type Increment,
  type Item,
  itemName,
  type Put,
  type PutIfAbsent,
  type ReadOutcome,
  type TransactionOutcome,
  type TransactionPort,
  type TransactionRequest,
} from './transaction-port.ts';
