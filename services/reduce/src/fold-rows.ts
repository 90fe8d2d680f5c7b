import {
  type ReadRecounts,
  type RecountGuard,
  readGuarded,
  readRedriveRequest,
} from '@oncefold/function-kit';
import type { RecordContribution } from '@oncefold/middleware';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { contributionsOfRows, type RowsOptions } from './contributions-of-rows.ts';

/** What the reduce function reads before it sums. */
export interface FoldOptions {
  readonly rows: Omit<RowsOptions, 'redrive'>;
  /** What a redrive has to know of recounts; absent for sums that none is about. */
  readonly recounts: { readonly read: ReadRecounts; readonly guard: RecountGuard } | undefined;
}

/**
 * Makes the fold of the reduce function: rows of sums → what each adds.
 *
 * A batch that is handed in again is guarded against a recount that begins meanwhile.
 */
export function foldRows({
  rows,
  recounts,
}: FoldOptions): (event: DynamoDBStreamEvent) => Promise<readonly RecordContribution[]> {
  return async (event) => {
    if (recounts === undefined || readRedriveRequest(event) === undefined) {
      return contributionsOfRows(event.Records, rows);
    }
    const redrive = await readGuarded(recounts.read, recounts.guard);
    return contributionsOfRows(event.Records, { ...rows, redrive });
  };
}
