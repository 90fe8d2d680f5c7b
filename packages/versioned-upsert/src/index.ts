export { type Attempts, type RequestClock, startAttempts, systemRequestClock } from './attempts.ts';
export type { Decision, Outcome, OutcomeCounts, Refusal } from './decision.ts';
export type {
  ComparableVersion,
  Item,
  ItemForm,
  ItemFormOptions,
  ItemVersion,
  TombstoneOptions,
  VersionAttribute,
  WritableVersion,
} from './item-form.ts';
export { mapWithLimit, type RequestOptions, requestAll, type Unavailable } from './request-all.ts';
export type { UpsertEvent, UpsertRecord } from './upsert-event.ts';
export { UpsertFailedError } from './upsert-failed-error.ts';
export {
  type Comparison,
  type ConditionalWrite,
  type UpsertRules,
  upsertInOrder,
  type WriteMode,
  type WriteResult,
} from './upsert-in-order.ts';
export {
  type LambdaContext,
  type ReadVersions,
  type RecordDecision,
  type RefusedRecord,
  type UpsertOptions,
  type UpsertReport,
  type UpsertResponse,
  upsertNewest,
} from './upsert-newest.ts';
export type { VersionedTable } from './versioned-table.ts';
