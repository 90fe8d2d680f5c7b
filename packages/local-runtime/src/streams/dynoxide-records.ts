import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { DynamoDbSourceRecord } from '@oncefold/event-source-mapping';

/**
 * Says whether a stream is dynoxide's, whose streams differ from DynamoDB's in ways that functions must not see.
 *
 * Beside what {@link asDynamoDbRecords} hides: its open shards carry an ending sequence number, that of the last
 * record so far; a shard never closes.
 */
export function isDynoxide(streamArn: string): boolean {
  return streamArn.split(':')[3] === 'dynoxide';
}

/**
 * Makes of dynoxide's stream records what DynamoDB would send.
 *
 * Dynoxide numbers events from 1 in each stream, so that ids repeat between streams; each gets an id made from its
 * stream and its sequence number. It also reports writes that changed nothing, which DynamoDB does not; they are left
 * out where both images are there to show it.
 */
export function asDynamoDbRecords(
  records: readonly DynamoDbSourceRecord[],
  streamArn: string,
): readonly DynamoDbSourceRecord[] {
  return records
    .filter((record) => !changedNothing(record))
    .map((record) => ({ ...record, eventID: eventId(streamArn, record) }));
}

function changedNothing({ eventName, dynamodb }: DynamoDbSourceRecord): boolean {
  if (eventName !== 'MODIFY' || dynamodb?.OldImage === undefined || dynamodb.NewImage === undefined) {
    return false;
  }
  return isDeepStrictEqual(dynamodb.OldImage, dynamodb.NewImage);
}

/** 32 hexadecimal digits, as DynamoDB's own event ids are. */
function eventId(streamArn: string, record: DynamoDbSourceRecord): string {
  const name = `${streamArn}\n${record.dynamodb?.SequenceNumber}`;
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
