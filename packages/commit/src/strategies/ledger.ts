import { createIdentityKeys, requestToken } from '@oncefold/request-token';
import { assertKnownOptions } from '../assert-known-options.ts';
import { GuardLostError } from '../errors.ts';
import { type Names, resolveNames } from '../resolve-names.ts';
import { assertRetention, RETENTION_SECONDS_DEFAULT } from '../retention.ts';
import type { Batch, CommitRecord, Strategy } from '../strategy.ts';
import { itemName, type PutIfAbsent } from '../transaction-port.ts';

/** Longest marker of release 0.1.0, in UTF-8 bytes; it refused longer ones, so that none exists. */
const FORMER_MARKER_BYTES_MAX = 2_048;

/** Options of {@link ledger}. */
export interface LedgerOptions extends Names {
  /** Name of the table of markers: key `Marker` (S), time to live on `ExpiresAt`. */
  readonly table: string;
  /**
   * How long a marker is kept, in whole seconds; longer than any redelivery is late. A longer one holds for markers that are written from
   * then on: a record from before may count again once the former retention is over. Default {@link RETENTION_SECONDS_DEFAULT}.
   */
  readonly retentionSeconds?: number | undefined;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /**
   * The source whose records release 0.1.0 may have committed: its markers (`<consumer>#<record id>`) then count, too, and are
   * written beside the own ones, so that it cannot commit them after this. For as long as a record that it has committed can be
   * delivered again; it costs 2 write units per record. Absent: there are none.
   */
  readonly formerSource?: string | undefined;
}

/**
 * Guards each record with a marker in the same transaction, put only if it is absent.
 *
 * It holds for any redelivery, any grouping and any order, from any process, for as long as markers are kept. A record that is
 * older than the retention may have been applied by a commit whose marker has expired, so it is refused with
 * {@link GuardLostError} instead of being taken for a new one; a record without a time cannot be checked for that.
 *
 * @param options - names, the table, and how long a marker is kept
 * @returns the strategy, for {@link commitBatch} or `commitOnce`
 * @throws {@link StrategyError} when an option cannot be used
 */
export function ledger(options: LedgerOptions): Strategy<'id'> {
  assertKnownOptions('ledger', options, {
    known: ['namespace', 'consumer', 'table', 'retentionSeconds', 'now', 'formerSource'],
    required: ['table'],
    texts: ['table', 'formerSource'],
  });
  const { table, retentionSeconds = RETENTION_SECONDS_DEFAULT, now = Date.now, formerSource } = options;
  const { namespace, consumer } = resolveNames('ledger', options);
  assertRetention('ledger', retentionSeconds, now);
  const markerOf = (marker: string, { time = 0 }: CommitRecord): PutIfAbsent => {
    // Not before the record, whatever this machine's clock says: the retention is counted from there.
    const expiresAt = Math.ceil(Math.max(now() / 1000, time)) + retentionSeconds;
    return {
      type: 'put-if-absent',
      table,
      key: { Marker: { S: marker } },
      attributes: { ExpiresAt: { N: String(expiresAt) } },
    };
  };
  const guardsOf = (source: string, keyOf: (id: string) => string, record: CommitRecord): PutIfAbsent[] => {
    const own = markerOf(keyOf(record.id), record);
    const former = `${consumer}#${record.id}`;
    const mayBeFormer = former.isWellFormed() && Buffer.byteLength(former) <= FORMER_MARKER_BYTES_MAX;
    return source === formerSource && mayBeFormer ? [own, markerOf(former, record)] : [own];
  };

  return {
    code: 'ledger',
    identifiesBy: 'id',
    guardSize: (recordCount) => (formerSource === undefined ? 1 : 2) * recordCount,
    open: (batch) => {
      const { source } = batch;
      assertWithinRetention(batch, { nowSeconds: now() / 1000, retentionSeconds, table });
      const keyOf = createIdentityKeys({ namespace, consumer, source });
      return {
        guard: (group) => ({
          // Only a row of sums is named by its group: 28 µs for 100 records that most effects do not ask for.
          get name() {
            return requestToken({ namespace, consumer, source, recordIds: group.map(({ id }) => id) });
          },
          actions: group.flatMap((record) => guardsOf(source, keyOf, record)),
        }),
        onGuardFailed: ({ group, failures, pending }) => {
          const failed = new Set(failures.map(({ action }) => itemName(action)));
          const isMarked = (record: CommitRecord): boolean =>
            guardsOf(source, keyOf, record).some((guard) => failed.has(itemName(guard)));
          const { applied = [], fresh = [] } = Object.groupBy(group, (record) =>
            isMarked(record) ? 'applied' : 'fresh',
          );
          // The group is in front; nothing is known of what is behind it, which may be much longer.
          const rest = pending.slice(group.length);
          return { fresh: fresh.length === 0 ? rest : [...fresh, ...rest], applied };
        },
        onRowExists: () => {
          throw new GuardLostError(
            'a row of sums exists without the markers of its records: they were deleted or have expired',
          );
        },
      };
    },
  };
}

/** A marker is kept for the retention from its commit on, which came after the record; so before that it cannot have expired. */
function assertWithinRetention(
  { records }: Batch,
  { nowSeconds, retentionSeconds, table }: { nowSeconds: number; retentionSeconds: number; table: string },
): void {
  for (const [index, { time }] of records.entries()) {
    if (time === undefined || time + retentionSeconds > nowSeconds) {
      continue;
    }
    throw new GuardLostError(
      `record ${index} is older than the ledger's retention of ${retentionSeconds} s: whether it was applied cannot be known any more. ` +
        'Compare the sums with their source and correct the difference. Do not raise the retention for it: a longer one holds for markers that are written from then on',
      { recordIndex: index, key: table },
    );
  }
}
