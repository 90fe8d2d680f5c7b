import type { Action } from '@oncefold/commit';
import type { RecordFold } from '@oncefold/middleware';
import { quarantineItems } from '@oncefold/quarantine';
import {
  contributionOfTradeChange,
  type Hierarchy,
  stateImageOf,
  type Trade,
  tradeFromImage,
} from '@oncefold/reducer';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';

/** What folding needs to know. */
export interface FoldChangesOptions {
  readonly hierarchy: Hierarchy;
  /** Whether a trade that DynamoDB removed because its time to live was over takes its value back, or keeps it. */
  readonly expiredTrades: 'retract' | 'keep';
  readonly consumer: string;
  readonly stateTable: string;
  readonly quarantineTable: string;
}

/**
 * Turns changes of the state table into what each adds to the aggregates: new image minus old image, rolled up.
 *
 * An image that is no trade adds nothing, neither when it comes nor when it goes, and its record is kept in quarantine; so the
 * aggregates are at all times the sum over the trades that stand in the table.
 *
 * @param records - of the state table's stream, with new and old images.
 * @returns one fold per record, in their order.
 */
export function foldChanges(
  records: readonly DynamoDBRecord[],
  options: FoldChangesOptions,
): readonly RecordFold[] {
  return records.map((record) => foldChange(record, options));
}

function foldChange(record: DynamoDBRecord, options: FoldChangesOptions): RecordFold {
  if (options.expiredTrades === 'keep' && isExpiry(record)) return { contribution: new Map() };
  const before = readImage(record.dynamodb?.OldImage, options.hierarchy);
  const after = readImage(record.dynamodb?.NewImage, options.hierarchy);
  const contribution = contributionOfTradeChange(before.trade, after.trade);
  // A bad old image was put aside when it was the new one.
  return after.refusal === undefined
    ? { contribution }
    : { contribution, writes: quarantine(record, after.refusal, options) };
}

interface Refusal {
  readonly reason: string;
  readonly field: string;
}

function readImage(
  image: Record<string, AttributeValue> | undefined,
  hierarchy: Hierarchy,
): { trade: Trade | undefined; refusal: Refusal | undefined } {
  if (image === undefined) return { trade: undefined, refusal: undefined };
  const result = tradeFromImage(stateImageOf(image), hierarchy);
  return result.code === 'valid'
    ? { trade: result.trade, refusal: undefined }
    : { trade: undefined, refusal: { reason: result.reason, field: result.field ?? '' } };
}

function quarantine(record: DynamoDBRecord, refusal: Refusal, options: FoldChangesOptions): Action[] {
  return quarantineItems({
    source: `${options.stateTable}#${record.eventID}`,
    consumer: options.consumer,
    reason: refusal.reason,
    detail: refusal.field,
    payload: Buffer.from(JSON.stringify(record.dynamodb)),
  }).map(({ key, attributes }) => ({
    type: 'put',
    table: options.quarantineTable,
    key,
    attributes: { ...attributes },
  }));
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html */
function isExpiry(record: DynamoDBRecord): boolean {
  return (
    record.eventName === 'REMOVE' &&
    record.userIdentity?.type === 'Service' &&
    record.userIdentity.principalId === 'dynamodb.amazonaws.com'
  );
}
