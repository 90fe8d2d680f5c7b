export { checkFilterPattern } from './check-filter-pattern.ts';
export { createMapping } from './create-mapping.ts';
export { createMessageFilter } from './message-filter.ts';
export { SettingsError } from './settings-error.ts';
export { SourceRecordError } from './source-record.ts';
export type * from './types.ts';
