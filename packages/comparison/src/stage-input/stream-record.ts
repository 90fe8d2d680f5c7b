import { createHash } from 'node:crypto';
import { START_MILLISECONDS } from './trade-changes.ts';

const SHARD_ID = 'shardId-00000001763884800000-0e1a2b3c';
const FIRST_SEQUENCE_NUMBER = 400_000_000_000_000_000_000n;
/** Records of other tables have the numbers in between. */
const SEQUENCE_STEP = 7n;
const RECORDS_PER_SECOND = 100;
/** Longer than any run: the shard's window never ends. */
const WINDOW_SECONDS = 900;

export interface StreamRecordContent {
  readonly table: string;
  /** Place in the stream, from 0. */
  readonly index: number;
  /** When the first record of the stream was written, in milliseconds since the epoch. */
  readonly arrivedAtMs: number;
  readonly eventName: 'INSERT' | 'MODIFY';
  readonly keys: object;
  readonly newImage: object;
  readonly oldImage?: object;
}

/**
 * A record of a DynamoDB stream as Lambda delivers it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export function streamRecord(content: StreamRecordContent): object {
  const { table, index, arrivedAtMs, eventName, keys, newImage, oldImage } = content;
  const images = {
    Keys: keys,
    NewImage: newImage,
    ...(oldImage === undefined ? {} : { OldImage: oldImage }),
  };
  return {
    eventID: createHash('sha256').update(`${table}:${index}`).digest('hex').slice(0, 32),
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(arrivedAtMs / 1_000 + index / RECORDS_PER_SECOND),
      ...images,
      SequenceNumber: String(FIRST_SEQUENCE_NUMBER + SEQUENCE_STEP * BigInt(index)),
      SizeBytes: Buffer.byteLength(JSON.stringify(images)),
      StreamViewType: oldImage === undefined && table === 'ReduceTable' ? 'NEW_IMAGE' : 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: streamArn(table),
  };
}

/**
 * The event of one invocation.
 *
 * @param records - from {@link streamRecord}, at least one
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
 */
export function streamEvent(
  records: readonly object[],
  options: { readonly source: string; readonly hasWindow: boolean },
): object {
  if (!options.hasWindow) {
    return { Records: records };
  }
  const start = new Date(START_MILLISECONDS).toISOString();
  const end = new Date(START_MILLISECONDS + WINDOW_SECONDS * 1_000).toISOString();
  return {
    Records: records,
    shardId: SHARD_ID,
    eventSourceARN: streamArn(options.source),
    window: { start, end },
    state: {},
    isFinalInvokeForWindow: false,
    isWindowTerminatedEarly: false,
  };
}

function streamArn(table: string): string {
  return `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2025-11-23T08:00:00.000`;
}
