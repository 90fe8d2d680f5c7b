export type { KeyAttribute } from './aggregate-keys.ts';
export {
  type AggregateAttributes,
  type AggregateTable,
  type AggregateTableOptions,
  aggregateTable,
  type KeyParts,
} from './aggregate-table.ts';
export { assertContribution, isPlainObject, nameKind } from './assert-contribution.ts';
export { assertKnownOptions } from './assert-known-options.ts';
export { combineTables } from './combine-tables.ts';
export {
  assertReplaceable,
  type CommitOptions,
  type ConditionFailure,
  commitBatch,
} from './commit-batch.ts';
export type { CommitReport } from './commit-report.ts';
export { createStrategy, type StrategyOptions } from './create-strategy.ts';
export {
  type Effect,
  type EffectRefusal,
  type GroupIdentity,
  incrementEach,
  type RecordRefusal,
  ROW_KEYS_MAX,
  rowOfSums,
  type Sum,
} from './effect.ts';
export {
  AmbiguousRecordsError,
  type AnyCommitError,
  type CommitErrorDetails,
  CommitUndecidedError,
  GuardLostError,
  GuardViolationError,
  RecordTooLargeError,
  StrategyError,
  TransactionRefusedError,
  WriteRefusedError,
} from './errors.ts';
export type { ItemReader } from './item-reader.ts';
export type { Limit } from './measure-limits.ts';
export { formatPosition, SUB_SEQUENCE_NUMBER_MAX } from './position.ts';
export { type Names, resolveNames } from './resolve-names.ts';
export { RETENTION_SECONDS_DEFAULT, RETENTION_SECONDS_MAX } from './retention.ts';
export { backoffMs, type Clock, defaultRetryLimits, type RetryLimits, systemClock } from './retry.ts';
export { type CheckpointOptions, checkpoint, type RangeOptions } from './strategies/checkpoint.ts';
export { type LedgerOptions, ledger } from './strategies/ledger.ts';
export { none } from './strategies/none.ts';
export { type RedriveOptions, redrive } from './strategies/redrive.ts';
export { requestTokenStrategy } from './strategies/request-token.ts';
export type {
  Batch,
  CommitRecord,
  DecidedOutcome,
  Guard,
  GuardFailure,
  Identification,
  Invocation,
  Partition,
  Replacement,
  Strategy,
  StrategyCode,
  StrategySession,
} from './strategy.ts';
export {
  ACTIONS_MAX,
  type Action,
  type AttributeValue,
  type Check,
  type Comparator,
  type CompareAndSet,
  type Condition,
  type ConsumedUnits,
  type FailedCondition,
  type Item,
  type ItemKey,
  itemName,
  type Put,
  type PutIfAbsent,
  type Raise,
  type TransactionOutcome,
  type TransactionPort,
  type TransactionRequest,
  type Update,
} from './transaction-port.ts';
