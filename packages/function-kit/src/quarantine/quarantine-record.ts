import type { Put } from '@oncefold/commit';
import type { DynamoDBRecord } from 'aws-lambda';
import { type QuarantineItem, quarantineItems, type Refusal } from './quarantine-items.ts';

/** Where a function quarantines records, and under which names. */
export interface QuarantineOptions {
  readonly namespace: string;
  readonly consumer: string;
  readonly table: string;
}

/** The writes of a quarantined record: its head in the transaction of the record, the rest of any size before it. */
export interface QuarantineWrites {
  readonly writes: readonly Put[];
  readonly preparatoryWrites: readonly Put[];
}

/**
 * Quarantines a record of a table's stream whole, as the event brought it.
 *
 * An item of 400 kB may become several megabytes of JSON, more than a transaction takes. So only the head is written
 * with the position of the stage: who finds it finds the record whole, and no content keeps the position from moving.
 *
 * @param record - its event id names it, so that a redelivery writes the same items
 */
export function quarantineRecord(
  record: DynamoDBRecord,
  refusal: Refusal,
  { namespace, consumer, table }: QuarantineOptions,
): QuarantineWrites {
  const { eventID, eventSourceARN, dynamodb } = record;
  if (eventID === undefined || eventSourceARN === undefined) {
    throw new Error('A record without eventID and eventSourceARN cannot be quarantined: nothing names it.');
  }
  const [head, ...parts] = quarantineItems({
    identity: { namespace, consumer, source: eventSourceARN, id: eventID },
    ...refusal,
    payload: Buffer.from(JSON.stringify(dynamodb)),
  });
  const put = ({ key, attributes }: QuarantineItem): Put => ({
    type: 'put',
    table,
    key: { ...key },
    attributes: { ...attributes },
  });
  return { writes: [put(head)], preparatoryWrites: parts.map(put) };
}
