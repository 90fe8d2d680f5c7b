import { type Change, type QuarantineOptions, quarantineRecord, readImages } from '@oncefold/function-kit';
import type { RecordContribution } from '@oncefold/middleware';
import type { DynamoDBRecord } from 'aws-lambda';
import { deduplicateRows, type RowContribution } from './deduplicate-rows.ts';
import { readRow } from './read-row.ts';

export interface RowsOptions {
  readonly quarantine: QuarantineOptions;
  /** Whether the guard knows a row by its name, or by its position in the stream. */
  readonly identifiesBy: 'id' | 'position';
  /** Whether the sums of a recount are added too, to those of the recount; if not they are passed over. */
  readonly countsRecount: boolean;
}

/**
 * Reads rows of sums: each adds what its message says.
 *
 * A row that cannot be added, because another program wrote it so, is quarantined and adds nothing. Rows that change or
 * go away are no sums: only new ones count, whatever the mapping's filter lets through.
 */
export function contributionsOfRows(
  records: readonly DynamoDBRecord[],
  options: RowsOptions,
): readonly RecordContribution[] {
  const { quarantine, identifiesBy } = options;
  const rows = readImages(records, 'NEW_IMAGE').map(
    (change): RowContribution => ({ record: change.record, ...contributionOfRow(change, options) }),
  );
  const distinct = identifiesBy === 'id' ? deduplicateRows(rows, quarantine) : rows;
  return distinct.map(({ record: _, ...contribution }) => contribution);
}

function contributionOfRow(
  { record, eventName, newImage }: Change,
  { quarantine, countsRecount }: RowsOptions,
): RecordContribution {
  if (eventName !== 'INSERT' || newImage === undefined) {
    return { contribution: new Map() };
  }
  const row = readRow(newImage, { countsRecount });
  return row.code === 'valid'
    ? { contribution: row.contribution }
    : { contribution: new Map(), ...quarantineRecord(record, row.refusal, quarantine) };
}
