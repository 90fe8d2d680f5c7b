import type { RecordContribution } from '@oncefold/middleware';
import { type QuarantineOptions, quarantineRecord } from '@oncefold/middleware/quarantine';
import type { Decimal } from '@oncefold/reducer';
import type { DynamoDBRecord } from 'aws-lambda';
import { rowId } from './row-id.ts';

/** A record of the reduce table and what it adds. */
export interface RowContribution extends RecordContribution<Decimal> {
  readonly record: DynamoDBRecord;
}

/**
 * Makes new rows of one batch that have one name one record, as the name says.
 *
 * Another program can delete a row and write it again with other sums. In a later batch the guard knows the name; in the
 * same batch the name would have two contributions, which no commit takes, however often it is tried. So the first
 * row counts, and all rows of the name say what it says. Rows with other sums are quarantined, all of each ahead of the
 * commit: there may be more of them than a transaction holds.
 *
 * @param rows - in the order of the event
 * @returns the rows in that order; those of one name add the same
 */
export function deduplicateRows(
  rows: readonly RowContribution[],
  quarantine: QuarantineOptions,
): readonly RowContribution[] {
  const replaced = new Map<RowContribution, RowContribution>();
  const inserts = rows.filter(({ record }) => record.eventName === 'INSERT');
  for (const [first, ...others] of Map.groupBy(inserts, ({ record }) => rowId(record)).values()) {
    if (first === undefined || others.length === 0) {
      continue;
    }
    const merged = mergeInto(first, others, quarantine);
    for (const row of [first, ...others]) {
      replaced.set(row, { ...merged, record: row.record, contribution: new Map(merged.contribution) });
    }
  }
  return rows.map((row) => replaced.get(row) ?? row);
}

function mergeInto(
  first: RowContribution,
  others: readonly RowContribution[],
  quarantine: QuarantineOptions,
): RowContribution {
  const different = others.filter(({ record }) => messageOf(record) !== messageOf(first.record));
  const quarantined = different.flatMap(({ record }) => {
    const items = quarantineRecord(record, { reason: 'name-used-twice', detail: 'MessageId' }, quarantine);
    // The head last: who finds it finds the record whole.
    return [...items.preparatoryWrites, ...items.writes];
  });
  return { ...first, preparatoryWrites: [...(first.preparatoryWrites ?? []), ...quarantined] };
}

function messageOf({ dynamodb }: DynamoDBRecord): string {
  const { Message, Recount } = dynamodb?.NewImage ?? {};
  return JSON.stringify([Message?.S, Recount?.S]);
}
