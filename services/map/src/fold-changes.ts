import {
  type ReadRecounts,
  type RecountGuard,
  readGuarded,
  readRedriveRequest,
} from '@oncefold/function-kit';
import type { RecordContribution } from '@oncefold/middleware';
import { createImageReader } from '@oncefold/trades';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { type ChangesOptions, contributionsOfChanges } from './contributions-of-changes.ts';

/** What the map function reads before it sums. */
export interface FoldOptions {
  readonly changes: Omit<ChangesOptions, 'recounts' | 'strayActions'>;
  readonly readRecounts: ReadRecounts;
  readonly recountGuard: RecountGuard;
}

/**
 * Makes the fold of the map function: changes of trades → what each adds, with what is to be known of recounts.
 *
 * A batch that is handed in again is guarded against a recount that begins meanwhile.
 */
export function foldChanges({
  changes,
  readRecounts,
  recountGuard,
}: FoldOptions): (event: DynamoDBStreamEvent) => Promise<readonly RecordContribution[]> {
  const readTrade = createImageReader(changes.unrecordedHierarchy);
  return async (event) => {
    const recounts =
      readRedriveRequest(event) === undefined
        ? await readRecounts()
        : await readGuarded(readRecounts, recountGuard);
    const strayActions = recountGuard.strayActions(recounts.running);
    return contributionsOfChanges(event.Records, { ...changes, recounts, strayActions }, readTrade);
  };
}
