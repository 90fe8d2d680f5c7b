export {
  HEAD_BYTES_MAX,
  PART_BYTES_MAX,
  type QuarantinedRecord,
  type QuarantineHead,
  type QuarantineItem,
  type QuarantineKey,
  type QuarantinePart,
  quarantineItems,
} from './quarantine-items.ts';
