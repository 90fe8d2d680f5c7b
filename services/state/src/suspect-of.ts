import type { SuspectRecord } from './quarantine-records.ts';
import type { StreamRecord } from './read-records.ts';
import type { UpsertOutcome } from './upsert-trades.ts';

/**
 * Says whether a record is to be put aside, and why.
 *
 * @param record - the record
 * @param upserted - what became of its version; absent where its content is invalid
 * @returns the record as one to put aside, or nothing
 */
export function suspectOf(
  record: StreamRecord,
  upserted: UpsertOutcome | undefined,
): readonly SuspectRecord[] {
  const { recordId, bytes, content } = record;
  if (content.code === 'invalid') {
    const { reason, field } = content;
    return [{ recordId, bytes, reason, ...(field !== undefined && { field }) }];
  }
  if (upserted?.code === 'conflict')
    return [{ recordId, bytes, reason: 'version-conflict', field: 'Version' }];
  if (upserted?.code === 'unreadable') return [{ recordId, bytes, reason: 'unreadable-state' }];
  return [];
}
