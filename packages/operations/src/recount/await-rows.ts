import { type AttributeValue, BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { identityKey } from '@oncefold/request-token';
import { isRowBefore } from '@oncefold/trades';
import { scanTable, type TableAccess, type TableItem } from '../tables/scan-table.ts';
import { sendAgain } from '../tables/send-again.ts';
import { RecountRefusedError, RecountStalledError } from './errors.ts';
import { pollMs } from './poll.ts';
import type { RecountPipeline } from './recount-options.ts';

/** DynamoDB's own limit of keys in a request. */
const KEYS_MAX = 100;
/** Rows that may wait to be applied; with more the reduce stage is far behind, and should catch up first. */
const PENDING_MAX = 100_000;
/** DynamoDB Streams keep a record for 24 hours; one hour more for clocks that differ. */
const STREAM_SECONDS = 25 * 60 * 60;

/** A row of sums that the reduce stage has not applied. */
export interface UnappliedRow {
  readonly id: string;
  /** When it was written, in seconds since the epoch; absent where it does not expire. */
  readonly writtenAt: number | undefined;
}

/** How far the clocks of functions and of this machine may differ, and a record's time from that of its row. */
const CLOCK_SECONDS_MAX = 30 * 60;

/** What the table of rows of sums holds that the ledger does not know. */
export interface UnappliedRows {
  readonly rows: readonly UnappliedRow[];
  /** Rows that the table holds in all. */
  readonly total: number;
  /** When the newest row of the table was written, in seconds since the epoch; absent where none expires. */
  readonly newestWrittenAt: number | undefined;
}

/** Rows of sums that will never be applied, because their stream has lost them. */
export interface LostRows {
  readonly ids: readonly string[];
}

/**
 * Waits until the reduce stage has applied every row of sums that exists now, but for those that its stream has lost.
 *
 * Nothing applies those any more but a redrive, which knows by their time that they were there before the recount.
 *
 * @throws {@link RecountStalledError} when rows are not applied for a long time
 */
export async function awaitRows(
  access: TableAccess,
  pipeline: RecountPipeline,
  options: {
    /** When the recount began, in milliseconds since the epoch: only rows that were there before can be lost. */
    readonly startedMs: number;
    /** Whether it has made the map stage write rows since. */
    readonly hasMarked: boolean;
    readonly stallMsMax: number;
    readonly onPending: (pending: number) => void;
  },
): Promise<LostRows> {
  const found = await findUnappliedRows(access, pipeline);
  if (options.hasMarked) {
    assertMarkers(found, pipeline);
    assertRetention(found, pipeline, options.startedMs);
  }
  let pending = found.rows;
  const lost: string[] = [];
  let changedMs = access.clock.now();
  let unchanged = 0;
  for (;;) {
    const nowMs = access.clock.now();
    // A redrive tells the others by their time from rows that this recount makes up for.
    const isLost = (row: UnappliedRow): boolean =>
      isLostRow(row, nowMs) && isRowBefore(row.writtenAt ?? 0, options.startedMs / 1000);
    lost.push(...pending.filter(isLost).map(({ id }) => id));
    pending = pending.filter((row) => !isLost(row));
    options.onPending(pending.length);
    if (pending.length === 0) {
      return { ids: lost };
    }
    await access.clock.sleep(pollMs(unchanged), access.signal);
    const before = pending.length;
    pending = await withoutMarker(access, pipeline, pending);
    unchanged += 1;
    if (pending.length < before) {
      changedMs = access.clock.now();
      unchanged = 0;
    } else if (access.clock.now() - changedMs > options.stallMsMax) {
      throw new RecountStalledError(
        `${pending.length} rows of sums are not applied, the first is ${pending[0]?.id}`,
        options.stallMsMax,
        remedyOf(pending, pipeline),
      );
    }
  }
}

/** A row that never expires outlives its marker, and looks as if it were not applied. */
function remedyOf(pending: readonly UnappliedRow[], { tables }: RecountPipeline): string {
  const lasting = pending.find(({ writtenAt }) => writtenAt === undefined);
  return lasting === undefined
    ? ''
    : `${lasting.id} has no ExpiresAt, so it may have been applied so long ago that its marker has expired: if it is older than a day, delete it ` +
        `from ${tables.reduce}; a rebuild makes up for it if it was not applied`;
}

/** Waits until certain rows are applied. */
export async function awaitOwnRows(
  access: TableAccess,
  pipeline: RecountPipeline,
  options: { readonly ids: readonly string[]; readonly stallMsMax: number },
): Promise<void> {
  let pending: readonly UnappliedRow[] = options.ids.map((id) => ({ id, writtenAt: undefined }));
  const startMs = access.clock.now();
  for (let polls = 0; ; polls += 1) {
    pending = await withoutMarker(access, pipeline, pending);
    if (pending.length === 0) {
      return;
    }
    if (access.clock.now() - startMs > options.stallMsMax) {
      throw new RecountStalledError('the rows that repair the sums are not applied', options.stallMsMax);
    }
    await access.clock.sleep(pollMs(polls), access.signal);
  }
}

/** Whether a row is older than its stream keeps it, so that nothing will apply it any more. */
export function isLostRow({ writtenAt }: UnappliedRow, nowMs: number): boolean {
  return writtenAt !== undefined && writtenAt + STREAM_SECONDS < nowMs / 1000;
}

/** Rows that this run has made are applied, since they are counted: if no row has a marker, the markers have other names. */
function assertMarkers(
  { rows, total }: UnappliedRows,
  { tables, namespace, reduceConsumer, reduceSource }: RecountPipeline,
): void {
  if (total === 0) {
    throw new RecountRefusedError(
      `${tables.reduce} holds no rows of sums, though the map function has just written some: say which table it writes to`,
    );
  }
  if (rows.length === total) {
    throw new RecountRefusedError(
      `rows of sums are applied, but ${tables.ledger} knows none of them for namespace ${namespace}, consumer ${reduceConsumer} and source ${reduceSource}: ` +
        'say what the reduce function has, which must have the strategy ledger',
    );
  }
}

/** A wrong retention makes rows that have just been written look as if their stream had lost them. */
function assertRetention(
  { newestWrittenAt }: UnappliedRows,
  { retentionSeconds }: RecountPipeline,
  startedMs: number,
): void {
  if (newestWrittenAt !== undefined && newestWrittenAt < startedMs / 1000 - CLOCK_SECONDS_MAX) {
    throw new RecountRefusedError(
      `rows of sums do not expire ${retentionSeconds} s after their records: say the LedgerRetentionSeconds that the functions have; ` +
        'after it was changed, wait for 25 hours',
    );
  }
}

/**
 * Finds the rows of sums that the ledger does not know: those in flight, and those that were lost.
 *
 * @throws {@link RecountRefusedError} when there are too many
 */
export async function findUnappliedRows(
  access: TableAccess,
  pipeline: RecountPipeline,
): Promise<UnappliedRows> {
  const { tables, retentionSeconds } = pipeline;
  const pending: UnappliedRow[] = [];
  let newestWrittenAt: number | undefined;
  let total = 0;
  const nowSeconds = access.clock.now() / 1000;
  for await (const page of scanTable(access, {
    table: tables.reduce,
    attributes: ['MessageId', 'ExpiresAt'],
  })) {
    const rows = page
      .map((item) => rowOf(item, retentionSeconds))
      // The time to live of its marker may be over, too: nothing is known of it any more.
      .filter(({ writtenAt = nowSeconds }) => writtenAt + retentionSeconds >= nowSeconds);
    total += rows.length;
    for (const { writtenAt } of rows) {
      newestWrittenAt = Math.max(newestWrittenAt ?? 0, writtenAt ?? 0) || undefined;
    }
    pending.push(...(await withoutMarker(access, pipeline, rows)));
    if (pending.length > PENDING_MAX) {
      throw new RecountRefusedError(
        `more than ${PENDING_MAX} rows of sums are not applied: let the reduce stage catch up, then run the command again`,
      );
    }
  }
  return { rows: pending, total, newestWrittenAt };
}

function rowOf(item: TableItem, retentionSeconds: number): UnappliedRow {
  const expiresAt = Number(item['ExpiresAt']?.N);
  return {
    id: item['MessageId']?.S ?? '',
    writtenAt: Number.isFinite(expiresAt) ? expiresAt - retentionSeconds : undefined,
  };
}

/** The rows that the ledger does not know, by this release's name for them or by that of 0.1.0. */
async function withoutMarker(
  access: TableAccess,
  pipeline: RecountPipeline,
  rows: readonly UnappliedRow[],
): Promise<readonly UnappliedRow[]> {
  const own = await findMarkers(
    access,
    pipeline,
    rows.map(({ id }) => markerOf(pipeline, id)),
  );
  const unknown = rows.filter(({ id }) => !own.has(markerOf(pipeline, id)));
  const former = await findMarkers(
    access,
    pipeline,
    unknown.map(({ id }) => formerMarkerOf(pipeline, id)),
  );
  return unknown.filter(({ id }) => !former.has(formerMarkerOf(pipeline, id)));
}

async function findMarkers(
  access: TableAccess,
  { tables }: RecountPipeline,
  markers: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let start = 0; start < markers.length; start += KEYS_MAX) {
    let open: Record<string, AttributeValue>[] = markers
      .slice(start, start + KEYS_MAX)
      .map((marker) => ({ Marker: { S: marker } }));
    const send = async (): Promise<true | undefined> => {
      const command = new BatchGetItemCommand({
        RequestItems: { [tables.ledger]: { Keys: open, ConsistentRead: true } },
      });
      const { Responses, UnprocessedKeys } = await access.client.send(command);
      if (Responses === undefined || UnprocessedKeys === undefined) {
        return undefined;
      }
      for (const item of Responses[tables.ledger] ?? []) {
        found.add(item['Marker']?.S ?? '');
      }
      open = UnprocessedKeys[tables.ledger]?.Keys ?? [];
      return open.length === 0 ? true : undefined;
    };
    await sendAgain(`read ${tables.ledger}`, send, access);
  }
  return found;
}

/** The marker by which the reduce stage knows a row. */
function markerOf(
  { namespace, reduceConsumer: consumer, reduceSource: source }: RecountPipeline,
  id: string,
): string {
  return identityKey({ namespace, consumer, source, id });
}

function formerMarkerOf({ reduceConsumer }: RecountPipeline, id: string): string {
  return `${reduceConsumer}#${id}`;
}
