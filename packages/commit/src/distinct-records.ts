import { isDeepStrictEqual } from 'node:util';
import { AmbiguousRecordsError } from './errors.ts';
import type { CommitRecord, Partition, Strategy } from './strategy.ts';

/**
 * Finds the records of a batch that are one: the first of each id is fresh, and one that repeats it is applied with it.
 *
 * Two records with one id are one record only if they say the same. Where the guard knows positions instead of ids they would
 * be one in one batch and two in two, so that is refused, too.
 *
 * @throws {@link AmbiguousRecordsError} when it cannot be known whether two records are one
 */
export function distinctRecords(
  records: readonly CommitRecord[],
  { identifiesBy }: Pick<Strategy, 'identifiesBy'>,
): Partition {
  const indexes = new Map<string, number>();
  const fresh: CommitRecord[] = [];
  const applied: CommitRecord[] = [];
  for (const [index, record] of records.entries()) {
    const first = indexes.get(record.id);
    if (first === undefined) {
      indexes.set(record.id, index);
      fresh.push(record);
      continue;
    }
    const reason = whyNotOne(records[first] as CommitRecord, record, identifiesBy);
    if (reason !== undefined) {
      throw new AmbiguousRecordsError(
        `records ${first} and ${index} of the batch have one id ${reason}: an id must name one record`,
        { indexes: [first, index] },
      );
    }
    applied.push(record);
  }
  return { fresh, applied };
}

function whyNotOne(
  a: CommitRecord,
  b: CommitRecord,
  identifiesBy: Strategy['identifiesBy'],
): string | undefined {
  if (!isDeepStrictEqual(a.contribution, b.contribution)) {
    return 'and different contributions';
  }
  const writesOf = ({ writes = [], preparatoryWrites = [] }: CommitRecord) => [writes, preparatoryWrites];
  if (!isDeepStrictEqual(writesOf(a), writesOf(b))) {
    return 'and different writes';
  }
  const isSamePlace =
    a.sequenceNumber === b.sequenceNumber && (a.subSequenceNumber ?? 0) === (b.subSequenceNumber ?? 0);
  return identifiesBy === 'position' && !isSamePlace
    ? 'and different places, and the strategy knows records by their place'
    : undefined;
}
