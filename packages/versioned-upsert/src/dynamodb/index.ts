export { READ_KEYS_MAX, type ReadItem, type ReadItemsOptions, readItems } from './read-items.ts';
export { incompleteAnswer, StoreError, unavailableUnlessRefused } from './unavailable.ts';
export { type VersionedTableOptions, versionedTable } from './versioned-table.ts';
export {
  assertTableName,
  type ConditionalStatement,
  type ConditionalWriteOptions,
  STATEMENTS_MAX,
  writeConditionally,
} from './write-conditionally.ts';
