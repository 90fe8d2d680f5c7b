import { requestToken } from '@oncefold/request-token';
import { GuardViolationError, StrategyError } from '../errors.ts';
import { type CommitRecord, type Strategy, withoutRepetitions } from '../strategy.ts';
import { itemName, type PutIfAbsent } from '../transaction-port.ts';

/** Longest marker, in UTF-8 bytes: the limit of a partition key. */
const MARKER_BYTES_MAX = 2048;

/**
 * Guards a group with one marker per record, written in the same transaction and only if absent.
 *
 * It holds for any redelivery in any grouping and any order, for as long as the markers live. A marker that lingers past its
 * expiry still protects, so the condition asks only whether it is there. There is no request token: a resend that meets its
 * own markers is told so by the condition, and a token could only add a mismatch that says less.
 *
 * @param options.consumer - the name under which this function consumes the stream; must not hold `#`.
 * @param options.namespace - as for {@link requestTokenStrategy}; goes into the names of rows.
 * @param options.table - name of the table of markers (key `Marker`, time to live `ExpiresAt`).
 * @param options.retentionSeconds - how long a marker is kept; longer than any redelivery can be late.
 * @param options.now - milliseconds since the epoch.
 */
export function ledger(options: {
  namespace: string;
  consumer: string;
  table: string;
  retentionSeconds: number;
  now: () => number;
}): Strategy {
  if (options.consumer === '' || options.consumer.includes('#'))
    throw new StrategyError('consumer must be text without "#"');
  if (!Number.isSafeInteger(options.retentionSeconds) || options.retentionSeconds < 1) {
    throw new StrategyError('retentionSeconds must be a whole number of seconds, at least 1');
  }

  const markerOf = (record: CommitRecord): PutIfAbsent => {
    const marker = `${options.consumer}#${record.id}`;
    if (Buffer.byteLength(marker) > MARKER_BYTES_MAX) {
      throw new StrategyError(
        `a record id is too long for a marker: at most ${MARKER_BYTES_MAX} bytes with the consumer`,
      );
    }
    const expiresAt = Math.ceil(options.now() / 1000) + options.retentionSeconds;
    return {
      type: 'put-if-absent',
      table: options.table,
      key: { Marker: { S: marker } },
      attributes: { ExpiresAt: { N: String(expiresAt) } },
    };
  };

  return {
    code: 'ledger',
    guardSize: (recordCount) => recordCount,
    forget: () => {},
    open: async () => ({
      admit: withoutRepetitions,
      guard: (group) => ({
        name: requestToken({
          namespace: options.namespace,
          consumer: options.consumer,
          recordIds: group.map((record) => record.id),
        }),
        actions: group.map(markerOf),
      }),
      onConditionFailed: (group, guard, failures) => {
        const failed = new Set(failures.map(({ action }) => itemName(action)));
        const standing = guard.actions.map((marker) => failed.delete(itemName(marker)));
        // A row named by exactly these records stands beside their markers, or one of the markers was deleted.
        if (failed.size > 0 && standing.includes(false)) {
          throw new GuardViolationError('a row of sums stands without the markers of its records');
        }
        if (!standing.includes(true))
          throw new GuardViolationError('a condition failed that is no marker of this group');
        return {
          fresh: group.filter((_, index) => standing[index] !== true),
          applied: group.filter((_, index) => standing[index] === true),
        };
      },
      onTokenMismatch: () => {
        throw new GuardViolationError('a token mismatch was reported for a transaction without a token');
      },
      onCommitted: () => {},
    }),
  };
}
