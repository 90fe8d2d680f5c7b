export {
  type EachRecordOptions,
  eachRecord,
  type InputOf,
  type InvalidRecord,
  type RecordFold,
} from './each-record.ts';
export { InvalidRecordError } from './invalid-record-error.ts';
export type { StandardSchema } from './standard-schema.ts';
