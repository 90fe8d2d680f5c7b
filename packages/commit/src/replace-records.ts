import { assertContribution, isPlainObject } from './assert-contribution.ts';
import { whyContentRefused } from './assert-sendable.ts';
import { assertRecords } from './check-records.ts';
import { type Limits, whyNotAlone } from './cut-prefix.ts';
import type { Effect, RecordRefusal } from './effect.ts';
import { StrategyError } from './errors.ts';
import type { CommitRecord, Replacement } from './strategy.ts';

/** What is committed in place of records. */
export interface Replacements {
  /** Records by what is committed in their place. */
  readonly originals: Map<CommitRecord, CommitRecord>;
  /** What is committed in place of records whose content is refused. */
  readonly refused: Set<CommitRecord>;
  /** The record's place in the batch, for errors. */
  readonly indexOf: (record: CommitRecord) => number;
}

/**
 * Asks for what is committed in place of records with a key that no table takes, or a write of content that none does.
 *
 * @throws {@link StrategyError} when what a record adds is no contribution
 */
export async function replaceInvalid(
  records: readonly CommitRecord[],
  work: Replacements & { readonly effect: Effect },
): Promise<readonly CommitRecord[]> {
  for (const [index, { contribution }] of records.entries()) {
    assertContribution(contribution, index);
  }
  return replaceRefused(records, (record) => whyRefused(record, work.effect), work);
}

/**
 * Asks for what is committed in place of records that no transaction takes even alone. Before records are distinguished by
 * their ids, for what is refused has one of its own.
 *
 * @param records - sendable ones
 */
export async function replaceUnfit(
  records: readonly CommitRecord[],
  work: Replacements & Limits,
): Promise<readonly CommitRecord[]> {
  const delivered = await replaceRefused(records, (record) => whyNotAlone(record, work), work);
  assertRecords(
    delivered.filter((record, index) => record !== records[index]),
    work,
  );
  return delivered;
}

/** What is committed in place of a record is not replaced. */
async function replaceRefused(
  records: readonly CommitRecord[],
  whyRefused: (record: CommitRecord) => RecordRefusal | undefined,
  work: Replacements,
): Promise<readonly CommitRecord[]> {
  const delivered: CommitRecord[] = [];
  for (const record of records) {
    const { id, refusedId = id, onRefused } = record;
    const refusal = onRefused && !work.originals.has(record) && whyRefused(record);
    if (onRefused && refusal) {
      const replacement = replace(record, await onRefused(refusal), { ...work, id: refusedId });
      work.refused.add(replacement);
      delivered.push(replacement);
    } else {
      delivered.push(record);
    }
  }
  return delivered;
}

/** Notes what is committed in place of a record, under its id unless another is given. */
export function replace(
  record: CommitRecord,
  instead: Replacement,
  { originals, indexOf, id = record.id }: Replacements & { readonly id?: string },
): CommitRecord {
  const { contribution = new Map(), writes, preparatoryWrites, ...unknown } = instead;
  const [other] = Object.keys(unknown);
  // A map, a list or nothing would be taken for nothing to commit.
  if (!isPlainObject(instead) || other !== undefined) {
    throw new StrategyError(
      `what is committed in place of a record is { contribution, writes, preparatoryWrites }${other === undefined ? '' : `, and has no ${other}`}`,
    );
  }
  assertContribution(contribution, indexOf(record));
  const replacement: CommitRecord = { ...record, id, contribution, writes, preparatoryWrites };
  originals.set(replacement, record);
  return replacement;
}

/** Says why the content of a record cannot be committed, whatever else is; undefined: it can, or it is not the content. */
function whyRefused(
  { contribution, writes = [], preparatoryWrites = [] }: CommitRecord,
  effect: Effect,
): RecordRefusal | undefined {
  for (const [key, sum] of contribution) {
    const refusal = effect.whyRefused(key, sum);
    if (refusal !== undefined) {
      const { code, reason } = refusal;
      return code === 'misuse' ? undefined : { code, reason };
    }
  }
  for (const write of [...writes, ...preparatoryWrites]) {
    const refusal = whyContentRefused(write);
    if (refusal !== undefined) {
      return refusal;
    }
  }
  return undefined;
}
