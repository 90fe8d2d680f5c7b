import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { RedriveUndecidedError } from './errors.ts';

/** A record as it goes into the stream. */
export interface StreamRecord {
  readonly data: Uint8Array;
  readonly partitionKey: string;
}

/** Kinesis takes 500 records and 10 MB a request; a part of that, so that no record is refused for its neighbours. */
const RECORDS_MAX = 500;
const BYTES_MAX = 4_000_000;
const ATTEMPTS_MAX = 10;
const PAUSE_MS = 100;

/**
 * Puts records into the stream, again and again those that it did not take.
 *
 * One may get in twice, when an answer is lost: versions decide then.
 *
 * @throws {@link RedriveUndecidedError} when the stream does not take all of them
 */
export async function putRecords(
  client: Pick<KinesisClient, 'send'>,
  { stream, sleep }: { readonly stream: string; readonly sleep: (milliseconds: number) => Promise<void> },
  records: readonly StreamRecord[],
): Promise<void> {
  for (const page of pagesOf(records)) {
    let open = page;
    for (let attempt = 1; open.length > 0; attempt += 1) {
      if (attempt > ATTEMPTS_MAX) {
        throw new RedriveUndecidedError(
          `the stream ${stream} did not take ${open.length} of ${records.length} records in ${ATTEMPTS_MAX} attempts; run the command again`,
        );
      }
      if (attempt > 1) {
        await sleep(PAUSE_MS * 2 ** attempt);
      }
      open = await putPage(client, stream, open);
    }
  }
}

/** @returns the records that were not taken */
async function putPage(
  client: Pick<KinesisClient, 'send'>,
  stream: string,
  page: readonly StreamRecord[],
): Promise<readonly StreamRecord[]> {
  const { Records } = await client.send(
    new PutRecordsCommand({
      StreamName: stream,
      Records: page.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
    }),
  );
  if (Records?.length !== page.length) {
    return page;
  }
  return page.filter((_, index) => Records[index]?.SequenceNumber === undefined);
}

function pagesOf(records: readonly StreamRecord[]): readonly (readonly StreamRecord[])[] {
  const pages: StreamRecord[][] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.data.byteLength + record.partitionKey.length;
    const page = pages.at(-1);
    if (page === undefined || page.length >= RECORDS_MAX || bytes + size > BYTES_MAX) {
      pages.push([record]);
      bytes = size;
    } else {
      page.push(record);
      bytes += size;
    }
  }
  return pages;
}
