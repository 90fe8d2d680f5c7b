import { type QuarantineOptions, quarantineRecord } from '@oncefold/function-kit';
import type { RecordContribution } from '@oncefold/middleware';
import type { DynamoDBRecord } from 'aws-lambda';
import { rowId } from './row-id.ts';

/** A record of the reduce table and what it adds. */
export interface RowEntry {
  readonly record: DynamoDBRecord;
  readonly contribution: RecordContribution;
}

/**
 * Makes new rows of one batch that have one name one record, as the name says.
 *
 * Another program can delete a row and write it again with other sums. In a later batch the guard knows the name; in the
 * same batch the name would stand for two contributions, which no commit takes, however often it is tried. So the first
 * row counts, and all rows of the name say what it says. Rows with other sums are quarantined, all of each ahead of the
 * commit: there may be more of them than a transaction holds.
 *
 * @param entries - in the order of the event
 * @returns the contributions in that order; those of one name are equal
 */
export function shareNames(
  entries: readonly RowEntry[],
  quarantine: QuarantineOptions,
): readonly RecordContribution[] {
  const contributions = entries.map((entry) => entry.contribution);
  const inserts = [...entries.entries()].filter(([, { record }]) => record.eventName === 'INSERT');
  for (const rows of Map.groupBy(inserts, ([, { record }]) => rowId(record)).values()) {
    const [first, ...others] = rows;
    if (first === undefined || others.length === 0) {
      continue;
    }
    const shared = shareFirst(
      first[1],
      others.map(([, entry]) => entry),
      quarantine,
    );
    for (const [index] of rows) {
      contributions[index] = { ...shared, contribution: new Map(shared.contribution) };
    }
  }
  return contributions;
}

function shareFirst(
  first: RowEntry,
  others: readonly RowEntry[],
  quarantine: QuarantineOptions,
): RecordContribution {
  const different = others.filter(({ record }) => messageOf(record) !== messageOf(first.record));
  const quarantined = different.flatMap(({ record }) => {
    const items = quarantineRecord(record, { reason: 'name-used-twice', detail: 'MessageId' }, quarantine);
    // The head last: who finds it finds the record whole.
    return [...items.preparatoryWrites, ...items.writes];
  });
  return {
    ...first.contribution,
    preparatoryWrites: [...(first.contribution.preparatoryWrites ?? []), ...quarantined],
  };
}

function messageOf({ dynamodb }: DynamoDBRecord): string | undefined {
  return dynamodb?.NewImage?.['Message']?.S;
}
