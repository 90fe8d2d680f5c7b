export { backOffMs } from './back-off.ts';
export { createMapping } from './create-mapping.ts';
export { compilePattern, type Matcher } from './event-pattern.ts';
export { compareSequenceNumbers } from './sequence-number.ts';
export { SettingsError } from './settings-error.ts';
export { SourceRecordError } from './source-record.ts';
export type * from './types.ts';
