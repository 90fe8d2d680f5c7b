import { type Change, type QuarantineOptions, quarantineRecord, readImages } from '@oncefold/function-kit';
import type { RecordContribution } from '@oncefold/middleware';
import type { DynamoDBRecord } from 'aws-lambda';
import { readRow } from './read-row.ts';
import { type RowEntry, shareNames } from './share-names.ts';

/** What the contributions depend on besides the records. */
export interface RowsOptions {
  readonly quarantine: QuarantineOptions;
  /** Whether the guard knows a row by its name, or by its place in the stream. */
  readonly identifiesBy: 'id' | 'position';
}

/**
 * Reads rows of sums: each adds what its message says.
 *
 * A row that cannot be added, because another program wrote it so, is quarantined and adds nothing. Rows that change or
 * go away are no sums: only new ones count, whatever the mapping's filter lets through.
 *
 * @param records - of the reduce table's stream, with new images
 * @returns one contribution per record, in their order
 * @throws {@link StreamViewError} when the stream does not bring new images
 */
export function contributionsOfRows(
  records: readonly DynamoDBRecord[],
  { quarantine, identifiesBy }: RowsOptions,
): readonly RecordContribution[] {
  const changes = readImages(records, 'NEW_IMAGE');
  const entries = records.map((record, index): RowEntry => {
    const change = changes[index];
    return { record, contribution: contributionOfRow(record, change, quarantine) };
  });
  return identifiesBy === 'id'
    ? shareNames(entries, quarantine)
    : entries.map(({ contribution }) => contribution);
}

function contributionOfRow(
  record: DynamoDBRecord,
  change: Change | undefined,
  quarantine: QuarantineOptions,
): RecordContribution {
  if (change?.eventName !== 'INSERT' || change.newImage === undefined) {
    return { contribution: new Map() };
  }
  const row = readRow(change.newImage);
  return row.code === 'valid'
    ? { contribution: row.contribution }
    : { contribution: new Map(), ...quarantineRecord(record, row.refusal, quarantine) };
}
