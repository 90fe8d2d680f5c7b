import type { Effect } from './effect.ts';
import type { CommitRecord, RecordRefusal, Replacement } from './strategy.ts';

/** What is committed in place of records. */
export interface Replacements {
  /** Records by what is committed in their place. */
  readonly originals: Map<CommitRecord, CommitRecord>;
  /** What is committed in place of records whose content is refused. */
  readonly refused: Set<CommitRecord>;
}

/** Asks for what is committed in place of records with a key that no table takes. */
export async function replaceInvalid(
  records: readonly CommitRecord[],
  work: Replacements & { readonly effect: Effect },
): Promise<readonly CommitRecord[]> {
  const delivered: CommitRecord[] = [];
  for (const record of records) {
    const refusal = record.onRefused && whyKeyRefused(record, work.effect);
    delivered.push(refusal === undefined ? record : await replaceRefused(record, refusal, work));
  }
  return delivered;
}

/**
 * Asks for what is committed in place of a record whose content is refused.
 *
 * @returns the record itself where it does not say what is committed instead
 */
export async function replaceRefused(
  record: CommitRecord,
  refusal: RecordRefusal,
  work: Replacements,
): Promise<CommitRecord> {
  if (record.onRefused === undefined) {
    return record;
  }
  const replacement = replace(record, await record.onRefused(refusal), work);
  work.refused.add(replacement);
  return replacement;
}

/** Notes what is committed in place of a record. */
export function replace(
  record: CommitRecord,
  { contribution = new Map(), writes, preparatoryWrites }: Replacement,
  { originals }: Replacements,
): CommitRecord {
  const replacement: CommitRecord = { ...record, contribution, writes, preparatoryWrites };
  originals.set(replacement, record);
  return replacement;
}

/** Says why the content of a record has a key that no table takes; undefined: all are fine, or it is not the content. */
function whyKeyRefused({ contribution }: CommitRecord, effect: Effect): RecordRefusal | undefined {
  for (const [key, sum] of contribution) {
    const refusal = effect.whyRefused(key, sum);
    if (refusal !== undefined) {
      return refusal.code === 'invalid-key' ? { code: refusal.code, reason: refusal.reason } : undefined;
    }
  }
  return undefined;
}
