import { ROW_KEYS_MAX } from '@oncefold/commit';
import type { RecordFold } from '@oncefold/middleware';
import { quarantineItems } from '@oncefold/quarantine';
import { type Contribution, ContributionError, parseContribution, utf8Length } from '@oncefold/reducer';
import type { DynamoDBRecord } from 'aws-lambda';

/** Longest key of an aggregate, in UTF-8 bytes: the limit of a partition key. */
const KEY_BYTES_MAX = 2048;

/** Longest name of a row that is used as it stands, in UTF-8 bytes. */
const NAME_BYTES_MAX = 1024;

/** What folding needs to know. */
export interface FoldRowsOptions {
  readonly consumer: string;
  readonly reduceTable: string;
  readonly quarantineTable: string;
}

/**
 * Reads rows of sums: each adds what its message says.
 *
 * A row that cannot be added, because another program wrote it so, is kept in quarantine and adds nothing. Rows that change or
 * go away are no sums: only new ones count, whatever the mapping's filter lets through.
 *
 * @param records - of the reduce table's stream, with new images.
 * @returns one fold per record, in their order.
 */
export function foldRows(
  records: readonly DynamoDBRecord[],
  options: FoldRowsOptions,
): readonly RecordFold[] {
  return records.map((record) => {
    if (record.eventName !== 'INSERT') return { contribution: new Map() };
    const row = readRow(record);
    return row.code === 'valid' ? { contribution: row.contribution } : quarantine(record, row, options);
  });
}

/**
 * Names a record of the reduce table: a new row by its own name, for ever; a change or removal of a row is another record.
 *
 * A name that is too long for a guard can only be another program's; its record is named by its event.
 */
export function rowId(record: DynamoDBRecord): string | undefined {
  const name = record.eventName === 'INSERT' ? record.dynamodb?.Keys?.['MessageId']?.S : undefined;
  return name === undefined || utf8Length(name) > NAME_BYTES_MAX ? record.eventID : name;
}

type Refusal = { readonly code: 'invalid'; readonly reason: string; readonly detail: string };

function readRow(
  record: DynamoDBRecord,
): { readonly code: 'valid'; readonly contribution: Contribution } | Refusal {
  const refuse = (reason: string): Refusal => ({ code: 'invalid', reason, detail: 'Message' });
  const message = record.dynamodb?.NewImage?.['Message']?.S;
  if (message === undefined) return refuse('missing-field');
  try {
    const contribution = parseContribution(message);
    if (contribution.size > ROW_KEYS_MAX) return refuse('too-many-keys');
    for (const key of contribution.keys()) {
      if (key === '') return refuse('empty-text');
      if (utf8Length(key) > KEY_BYTES_MAX) return refuse('too-long');
      if (!key.isWellFormed()) return refuse('malformed-unicode');
    }
    return { code: 'valid', contribution };
  } catch (error) {
    if (error instanceof ContributionError) return refuse(error.code);
    throw error;
  }
}

function quarantine(record: DynamoDBRecord, refusal: Refusal, options: FoldRowsOptions): RecordFold {
  const items = quarantineItems({
    source: `${options.reduceTable}#${record.eventID}`,
    consumer: options.consumer,
    reason: refusal.reason,
    detail: refusal.detail,
    payload: Buffer.from(JSON.stringify(record.dynamodb)),
  });
  return {
    contribution: new Map(),
    writes: items.map(({ key, attributes }) => ({
      type: 'put',
      table: options.quarantineTable,
      key,
      attributes: { ...attributes },
    })),
  };
}
