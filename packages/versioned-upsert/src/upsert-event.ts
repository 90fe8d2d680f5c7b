import { StrategyError } from '@oncefold/commit';

/** No event of another service is taken for one of these: their records have one of these. */
interface NoOtherService {
  readonly Sns?: never;
  readonly s3?: never;
}

/** What is read of a record of Kinesis, DynamoDB Streams or SQS: what names it in a partial batch response. */
export type UpsertRecord = NoOtherService &
  (
    | { readonly kinesis: { readonly sequenceNumber: string } }
    | { readonly dynamodb?: { readonly SequenceNumber?: string | undefined } | undefined }
    | { readonly messageId: string; readonly body: string }
  );

/** What is read of an event of a mapping. The last two are there in a mapping with a tumbling window. */
export interface UpsertEvent<Record extends UpsertRecord = UpsertRecord> {
  readonly Records: readonly Record[];
  readonly state?: unknown;
  readonly window?: object | undefined;
}

/**
 * Says by which names a mapping wants records back.
 *
 * @returns one name per record, in the order of the event; user records of one Kinesis record have the same
 * @throws {@link StrategyError} when the event has no list of records, or a record has no such name: an empty one would fail the batch
 */
export function itemIdentifiersOf(event: UpsertEvent): string[] {
  if (!Array.isArray(event?.Records)) {
    throw new StrategyError(
      'upsertNewest: the event has no list Records, so it is not from Kinesis, DynamoDB Streams or SQS',
    );
  }
  return event.Records.map((record: UpsertRecord | null | undefined, index) => {
    const { kinesis, dynamodb, messageId } = (record ?? {}) as {
      readonly kinesis?: { readonly sequenceNumber?: unknown };
      readonly dynamodb?: { readonly SequenceNumber?: unknown };
      readonly messageId?: unknown;
    };
    const identifier = kinesis?.sequenceNumber ?? dynamodb?.SequenceNumber ?? messageId;
    if (typeof identifier !== 'string' || identifier === '') {
      throw new StrategyError(
        `upsertNewest: Records[${index}] is no record of Kinesis, DynamoDB Streams or SQS`,
      );
    }
    return identifier;
  });
}
