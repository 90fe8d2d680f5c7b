import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { DynamoDbSourceRecord } from '@oncefold/event-source-mapping';

/**
 * Takes the peculiarities of a local engine out of stream records, so that functions see what DynamoDB would send.
 *
 * Dynoxide numbers events from 1 in each stream, so that ids repeat between streams; such a record gets an id made
 * from its stream and its sequence number. It also tells of writes that changed nothing, which DynamoDB does not;
 * they are left out where the images show it. Records with any other id are passed on as they are.
 *
 * @param records - as read, in order
 * @param streamArn - the stream that they came from
 */
export function asDynamoDbWrites(
  records: readonly DynamoDbSourceRecord[],
  streamArn: string,
): readonly DynamoDbSourceRecord[] {
  // One engine wrote them all, so that the first shows which it was.
  if (!isCounter(records[0]?.eventID)) return records;
  return records
    .filter((record) => !changedNothing(record))
    .map((record) => ({ ...record, eventID: eventId(streamArn, record) }));
}

function isCounter(eventId: string | undefined): boolean {
  return eventId !== undefined && /^\d{1,20}$/.test(eventId);
}

function changedNothing({ eventName, dynamodb }: DynamoDbSourceRecord): boolean {
  if (eventName !== 'MODIFY' || dynamodb?.OldImage === undefined || dynamodb.NewImage === undefined)
    return false;
  return isDeepStrictEqual(dynamodb.OldImage, dynamodb.NewImage);
}

/** 32 hexadecimal digits, as DynamoDB's own event ids are. */
function eventId(streamArn: string, record: DynamoDbSourceRecord): string {
  const name = `${streamArn}\n${record.dynamodb?.SequenceNumber}\n${record.eventID}`;
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
