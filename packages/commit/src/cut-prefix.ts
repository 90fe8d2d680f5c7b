import type { Effect } from './effect.ts';
import { RecordTooLargeError } from './errors.ts';
import type { CommitRecord, Strategy } from './strategy.ts';
import { ACTIONS_MAX, type Action } from './transaction-port.ts';

/**
 * Bytes of the records' own writes in one transaction. The store takes 4 MB in all; what is left is far more than
 * 100 keys of 2,048 bytes and a row of sums need.
 */
const WRITE_BYTES_MAX = 2_500_000;

/**
 * Takes the longest prefix of records that fits into one transaction with its guard.
 *
 * A record is never cut: all its keys are in the group or none, so that parent = sum of children holds after every commit.
 *
 * @param records - at least one, in the order of their shard.
 * @returns the prefix, at least one record.
 * @throws {@link RecordTooLargeError} when the first record does not fit alone.
 */
export function cutPrefix(
  records: readonly CommitRecord[],
  limits: { effect: Effect; strategy: Strategy },
): readonly CommitRecord[] {
  const keys = new Set<string>();
  let writeCount = 0;
  let writeBytes = 0;
  for (const [index, record] of records.entries()) {
    for (const key of record.contribution.keys()) keys.add(key);
    for (const write of record.writes ?? []) {
      writeCount += 1;
      writeBytes += bytesOf(write);
    }
    const actions = limits.strategy.guardSize(index + 1) + limits.effect.actionCount(keys.size) + writeCount;
    const fits =
      keys.size <= limits.effect.keysMax && actions <= ACTIONS_MAX && writeBytes <= WRITE_BYTES_MAX;
    if (fits) continue;
    if (index > 0) return records.slice(0, index);
    if (writeBytes > WRITE_BYTES_MAX) {
      throw new RecordTooLargeError('the writes of one record are too large for a transaction', {
        actual: writeBytes,
        limit: WRITE_BYTES_MAX,
      });
    }
    throw new RecordTooLargeError(
      'one record has more aggregate keys than a transaction can hold beside its guard',
      {
        actual: keys.size,
        limit: Math.min(limits.effect.keysMax, ACTIONS_MAX - limits.strategy.guardSize(1)),
      },
    );
  }
  return records;
}

function bytesOf(action: Action): number {
  if (action.type !== 'put' && action.type !== 'put-if-absent') return 0;
  let bytes = 0;
  for (const [name, value] of Object.entries(action.attributes)) {
    bytes +=
      name.length + ('B' in value ? value.B.byteLength : Buffer.byteLength('S' in value ? value.S : value.N));
  }
  return bytes;
}
