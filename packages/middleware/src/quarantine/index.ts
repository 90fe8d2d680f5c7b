export {
  HEAD_BYTES_MAX,
  PART_BYTES_MAX,
  type QuarantinedRecord,
  type QuarantineHead,
  type QuarantineItem,
  quarantineItems,
  type Refusal,
} from './quarantine-items.ts';
export { type QuarantineOptions, type QuarantineWrites, quarantineRecord } from './quarantine-record.ts';
