import { createHash } from 'node:crypto';

/** A batch that an event source mapping has given up, as it lies in the bucket. */
export interface FailedBatch {
  /** Short name of the object, for the command line. */
  readonly id: string;
  /** Key of the object. */
  readonly key: string;
  /** When it was given up, as ISO 8601 text. */
  readonly givenUpAt: string;
  /** Why, in AWS's words, such as `RetryAttemptsExhausted`. */
  readonly condition: string;
  /** What the last invocation failed with; absent where the function was never invoked. */
  readonly functionError: string | undefined;
  /** ARN of the function, with its alias. */
  readonly functionArn: string;
  readonly invocations: number;
  readonly streamArn: string;
  readonly shardId: string;
  /** Records of the event, as the function got them; none where a tumbling window was closed. */
  readonly records: readonly BatchRecord[];
}

/** A record of Kinesis or of DynamoDB Streams; only what a redrive looks at. */
export type BatchRecord = Readonly<Record<string, unknown>> & {
  readonly kinesis?: { readonly data: string; readonly partitionKey: string };
  readonly dynamodb?: Readonly<Record<string, unknown>>;
};

/** What an object of the bucket is. */
export type ReadBatch =
  | { readonly code: 'batch'; readonly batch: FailedBatch }
  | { readonly code: 'unreadable'; readonly id: string; readonly key: string; readonly reason: string };

const ID_LENGTH = 10;

/** The short name of whatever has a long one. */
export function shortId(kind: 'b' | 'q', name: string): string {
  return `${kind}${createHash('sha256').update(name).digest('hex').slice(0, ID_LENGTH)}`;
}

/**
 * Reads an object as Lambda writes it to a bucket: metadata, and in `payload` the whole event, as text or as an object.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function readFailedBatch(key: string, text: string): ReadBatch {
  const id = shortId('b', key);
  try {
    return { code: 'batch', batch: { id, key, ...readDocument(JSON.parse(text)) } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { code: 'unreadable', id, key, reason };
  }
}

function readDocument(document: unknown): Omit<FailedBatch, 'id' | 'key'> {
  const { requestContext, responseContext, payload, timestamp, ...others } = objectOf(
    document,
    'the document',
  );
  const request = objectOf(requestContext, 'requestContext');
  const response = responseContext === undefined ? {} : objectOf(responseContext, 'responseContext');
  const info = objectOf(
    others['KinesisBatchInfo'] ?? others['DDBStreamBatchInfo'],
    'KinesisBatchInfo or DDBStreamBatchInfo',
  );
  if (payload === undefined) {
    throw new Error('there is no payload: only a bucket gets one, no queue and no topic');
  }
  const event = objectOf(typeof payload === 'string' ? JSON.parse(payload) : payload, 'payload');
  const functionError = response['functionError'];
  const records = recordsOf(event['Records']);
  if (others['DDBStreamBatchInfo'] !== undefined && records.length > 0) {
    assertWhole(records, info);
  }
  return {
    givenUpAt: textOf(timestamp, 'timestamp'),
    condition: textOf(request['condition'], 'requestContext.condition'),
    functionError: typeof functionError === 'string' ? functionError : undefined,
    functionArn: textOf(request['functionArn'], 'requestContext.functionArn'),
    invocations: Number(request['approximateInvokeCount'] ?? 0),
    streamArn: textOf(info['streamArn'], 'streamArn'),
    // A window names it as well; the two say the same.
    shardId: textOf(info['shardId'] ?? event['shardId'], 'shardId'),
    records,
  };
}

const REMEDY =
  'nothing may be missing: if this is as Lambda wrote it, put DDBStreamBatchInfo right in a copy, and redrive that with --failed-batches';

/**
 * What a table's stream has brought is redriven whole or not at all: what is applied of it is found by ranges from its first to its last
 * record, and where one is missing a range may hide in the gap. (Of Kinesis, versions decide record by record.)
 */
function assertWhole(records: readonly BatchRecord[], info: Record<string, unknown>): void {
  const size = info['batchSize'];
  if (size !== records.length) {
    throw new Error(
      `payload.Records has ${records.length} records, but DDBStreamBatchInfo.batchSize says ${size}; ${REMEDY}`,
    );
  }
  for (const [name, record] of [
    ['startSequenceNumber', records[0]],
    ['endSequenceNumber', records.at(-1)],
  ] as const) {
    const number = textOf(info[name], `DDBStreamBatchInfo.${name}`);
    if (record?.dynamodb?.['SequenceNumber'] !== number) {
      throw new Error(
        `payload.Records has another ${name} than DDBStreamBatchInfo, which says ${number}; ${REMEDY}`,
      );
    }
  }
}

function recordsOf(records: unknown): readonly BatchRecord[] {
  if (!Array.isArray(records)) {
    throw new Error('payload.Records: there is no list of records');
  }
  return records.map((record: unknown, index) => {
    const { kinesis, dynamodb, ...rest } = objectOf(record, `payload.Records[${index}]`);
    if (kinesis !== undefined) {
      const { data, partitionKey } = objectOf(kinesis, `payload.Records[${index}].kinesis`);
      textOf(data, `payload.Records[${index}].kinesis.data`);
      textOf(partitionKey, `payload.Records[${index}].kinesis.partitionKey`);
      return { ...rest, kinesis } as BatchRecord;
    }
    return { ...rest, dynamodb: objectOf(dynamodb, `payload.Records[${index}].dynamodb`) };
  });
}

function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new Error(`${name} is no object`);
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') {
    return value;
  }
  throw new Error(`${name} is no text`);
}
