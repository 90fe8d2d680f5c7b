import type { FinalRecord } from '../../src/decide-records.ts';
import { recordKeyOf, STREAM } from './stream.ts';

/** A record that has been decided; only its id and its bytes matter. */
export function decidedRecord(
  id: string,
  decision: FinalRecord['decision'],
  bytes: Uint8Array = new Uint8Array(),
): FinalRecord {
  return {
    record: {
      identity: { namespace: 'test', consumer: 'state', source: STREAM, id },
      recordKey: recordKeyOf(id),
      formerRecordKey: id,
      shardId: 'shard',
      sequenceNumber: '1',
      position: '1',
      bytes,
      code: 'invalid',
      reason: 'broken-json',
    },
    decision,
  };
}
