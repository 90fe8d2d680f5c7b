import type { SourceRecord } from './record-identity.ts';

/** The bytes that a producer sent; for a change of a table, the JSON of what the event says of it. */
export function payloadOf(record: SourceRecord): Uint8Array {
  const { kinesis, dynamodb, messageId } = record;
  if (kinesis !== undefined) {
    return Buffer.from(kinesis.data ?? '', 'base64');
  }
  return Buffer.from(messageId === undefined ? JSON.stringify(dynamodb ?? null) : record.body);
}
