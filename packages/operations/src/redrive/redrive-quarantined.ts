import type { TableAccess } from '../tables/scan-table.ts';
import { RedriveRefusedError } from './errors.ts';
import { putRecords } from './put-records.ts';
import { isAppliedSince, markRedriven, type QuarantinedRecord, readPayload } from './quarantined-record.ts';
import type { RedriveAccess } from './redrive-batch.ts';

/** Kinesis takes partition keys of at most 256 characters. */
const PARTITION_KEY_LENGTH_MAX = 256;

/** What became of a quarantined record. */
export type QuarantineOutcome =
  | { readonly code: 'sent'; readonly bytes: number }
  /** The item of the trade was written by this very record since: its value is in the sums. */
  | { readonly code: 'applied-since' };

/**
 * Puts a quarantined record into the stream as a new one, as it is or mended, and notes that with it.
 *
 * Interrupted after the record was put, it puts it again when it is run again: the version of the trade decides then.
 *
 * @param options.mended - the bytes to send instead of those that were quarantined
 * @throws {@link RedriveRefusedError} when the record is one of a table's stream, or is not whole
 */
export async function redriveQuarantined(
  record: QuarantinedRecord,
  options: {
    readonly tables: TableAccess;
    readonly quarantineTable: string;
    readonly stateTable: string;
    readonly access: RedriveAccess;
    readonly mended?: Uint8Array | undefined;
  },
): Promise<QuarantineOutcome> {
  const { tables, quarantineTable, stateTable, access, mended } = options;
  const stream = streamOf(record);
  const payload = await readPayload(tables, quarantineTable, record);
  const at = new Date(access.now()).toISOString();
  if (await isAppliedSince(tables, stateTable, { record, payload })) {
    await markRedriven(tables, quarantineTable, { record, at, by: `${access.by}: found applied` });
    return { code: 'applied-since' };
  }
  const data = mended ?? payload;
  const partitionKey = record.recordId.slice(0, PARTITION_KEY_LENGTH_MAX) || record.id;
  await putRecords(access.kinesis, { stream, sleep: access.sleep }, [{ data, partitionKey }]);
  await markRedriven(tables, quarantineTable, { record, at, by: access.by });
  return { code: 'sent', bytes: data.byteLength };
}

/** Whether a record can be put into a stream again: what a table's stream brought is an item of that table. */
export function isOfStream({ origin }: QuarantinedRecord): boolean {
  return origin.split(':')[2] === 'kinesis';
}

function streamOf(record: QuarantinedRecord): string {
  if (!isOfStream(record)) {
    throw new RedriveRefusedError(
      `${record.id} is a change of an item that another program wrote; correct the item in its table, and the change of that counts`,
    );
  }
  return record.origin.replace(/^.*:stream\//, '').replace(/\/consumer\/.*$/, '');
}
