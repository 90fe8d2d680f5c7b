import type { DecidedRecord } from '../../src/decided-record.ts';
import { identityOf, recordKeyOf } from './stream.ts';

/** A record that has been decided; only its id and its bytes matter. */
export function decidedRecord(
  id: string,
  decision: DecidedRecord['decision'],
  bytes: Uint8Array = new Uint8Array(),
): DecidedRecord {
  return {
    record: {
      identity: identityOf(id),
      recordKey: recordKeyOf(id),
      formerRecordKey: id,
      shard: { id: 'shard', key: recordKeyOf('shard'), formerKey: undefined, hash: 'hash' },
      reference: { shard: 'hash', sequence: id, subSequence: 0 },
      sequenceNumber: '1',
      position: '1',
      bytes,
      code: 'invalid',
      reason: 'broken-json',
    },
    decision,
  };
}
