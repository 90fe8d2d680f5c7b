export {
  PART_BYTES_MAX,
  type QuarantinedRecord,
  type QuarantineItem,
  quarantineItems,
} from './quarantine-items.ts';
