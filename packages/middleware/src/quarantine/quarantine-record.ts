import { type Put, StrategyError } from '@oncefold/commit';
import { idOf, type SourceRecord, sourceOf } from '../record-identity.ts';
import { payloadOf } from '../record-payload.ts';
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
 * Quarantines a record of any event source whole: the bytes that a producer sent, or a change of a table as the event brought it.
 *
 * A record may be larger than a transaction; an item of 400 kB may become several megabytes of JSON. So only the head is written
 * with the guard of the record: who finds it finds the record whole, and no content keeps a position from moving.
 *
 * @param record - the id that its service gives it names it, so that a redelivery writes the same items
 * @returns writes for the element of the fold that stands for the record, beside an empty contribution
 * @throws {@link StrategyError} when the record has no id or no `eventSourceARN`: nothing names it
 */
export function quarantineRecord(
  record: SourceRecord,
  refusal: Refusal,
  { namespace, consumer, table }: QuarantineOptions,
): QuarantineWrites {
  const id = idOf(record);
  if (id === undefined || record.eventSourceARN === undefined) {
    throw new StrategyError(
      'quarantine: a record without an id and an eventSourceARN has nothing that names it',
    );
  }
  const [head, ...parts] = quarantineItems({
    identity: { namespace, consumer, source: sourceOf(record, 0), id },
    ...refusal,
    payload: payloadOf(record),
  });
  const put = ({ key, attributes }: QuarantineItem): Put => ({
    type: 'put',
    table,
    key: { ...key },
    attributes: { ...attributes },
  });
  return { writes: [put(head)], preparatoryWrites: parts.map(put) };
}
