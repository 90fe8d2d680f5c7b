import { type GuardedRecounts, guardedBy, RedriveRefusedError } from '@oncefold/function-kit';
import { type Change, type RecordContribution, readImages } from '@oncefold/middleware';
import { type QuarantineOptions, quarantineRecord } from '@oncefold/middleware/quarantine';
import type { Contribution, Decimal } from '@oncefold/reducer';
import { isRepairRowId, isRowBefore, rowAfterRepairs } from '@oncefold/trades';
import type { DynamoDBRecord } from 'aws-lambda';
import { deduplicateRows, type RowContribution } from './deduplicate-rows.ts';
import { readRow } from './read-row.ts';

export interface RowsOptions {
  readonly quarantine: QuarantineOptions;
  /** Whether the guard knows a row by its name, or by its position in the stream. */
  readonly identifiesBy: 'id' | 'position';
  /** Whether the sums of a recount are added too, to those of the recount; if not they are passed over. */
  readonly countsRecount: boolean;
  /** For rows that their mapping had given up and that are handed in again. */
  readonly redrive?: GuardedRecounts | undefined;
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
): readonly RecordContribution<Decimal>[] {
  const { quarantine, identifiesBy } = options;
  const rows = readImages(records, 'NEW_IMAGE').map(
    (change): RowContribution => ({ record: change.record, ...contributionOfRow(change, options) }),
  );
  const distinct = identifiesBy === 'id' ? deduplicateRows(rows, quarantine) : rows;
  return distinct.map(({ record: _, ...contribution }) => contribution);
}

function contributionOfRow(
  { record, eventName, newImage }: Change<DynamoDBRecord>,
  { quarantine, countsRecount, redrive }: RowsOptions,
): RecordContribution<Decimal> {
  if (eventName !== 'INSERT' || newImage === undefined) {
    return { contribution: new Map() };
  }
  // Sums that no recount is about need no repair of one.
  if (!countsRecount && isRepairRowId(newImage['MessageId']?.S ?? '')) {
    return { contribution: new Map() };
  }
  const row = readRow(newImage, { countsRecount });
  if (row.code === 'invalid') {
    return { contribution: new Map(), ...quarantineRecord(record, row.refusal, quarantine) };
  }
  const { contribution } = row;
  if (redrive === undefined) {
    return { contribution };
  }
  const writtenAt = record.dynamodb?.ApproximateCreationDateTime;
  return guardedBy([redrive.guard], { contribution: notRepaired(contribution, writtenAt, redrive) });
}

function notRepaired(
  contribution: Contribution,
  writtenAt: number | undefined,
  { running, repairs }: GuardedRecounts,
): Contribution {
  // The number of a recount is not less than the time when it began.
  if (running !== undefined && (writtenAt === undefined || isRowBefore(writtenAt, running.number))) {
    throw new RedriveRefusedError('recount-runs');
  }
  const lacking = rowAfterRepairs(repairs, writtenAt, contribution);
  if (lacking === 'undecided') {
    throw new RedriveRefusedError('undecided');
  }
  return lacking;
}
