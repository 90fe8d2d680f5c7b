import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** A change of an item as a table's stream has it. */
export interface StreamedItem {
  readonly keys: Readonly<Record<string, AttributeValue>>;
  readonly newImage: Readonly<Record<string, AttributeValue>>;
  readonly oldImage?: Readonly<Record<string, AttributeValue>>;
}

const SHARD_ID = 'shardId-000000000000';
const FIRST_SEQUENCE_NUMBER = 49_668_900_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n;
const ACCOUNT = 'us-east-1:123456789012';
const WINDOW = { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:15:00Z' };

/** Messages as Lambda delivers them from Kinesis, the first at this place of the shard. */
export function messageEvent(messages: readonly Uint8Array[], first: number): object {
  return {
    Records: messages.map((data, index) => {
      const sequenceNumber = sequenceNumberOf(first + index);
      return {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'any',
          sequenceNumber,
          data: Buffer.from(data).toString('base64'),
          approximateArrivalTimestamp: Date.now() / 1_000,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `${SHARD_ID}:${sequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: 'arn:aws:iam::123456789012:role/local',
        awsRegion: 'us-east-1',
        eventSourceARN: `arn:aws:kinesis:${ACCOUNT}:stream/IncomingDataStream`,
      };
    }),
  };
}

/** Changes of a table as Lambda delivers them from its stream; it names the shard only where the mapping has a window. */
export function changeEvent(
  table: string,
  changes: readonly StreamedItem[],
  { first, hasWindow }: { readonly first: number; readonly hasWindow: boolean },
): object {
  const eventSourceARN = `arn:aws:dynamodb:${ACCOUNT}:table/${table}/stream/2026-01-01T00:00:00.000`;
  const Records = changes.map(({ keys, newImage, oldImage }, index) => {
    const sequenceNumber = sequenceNumberOf(first + index);
    return {
      eventID: `${table}${sequenceNumber}`,
      eventName: oldImage === undefined ? 'INSERT' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(Date.now() / 1_000),
        Keys: keys,
        NewImage: newImage,
        ...(oldImage !== undefined && { OldImage: oldImage }),
        SequenceNumber: sequenceNumber,
        SizeBytes: 1,
        StreamViewType: table === 'ReduceTable' ? 'NEW_IMAGE' : 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN,
    };
  });
  return hasWindow
    ? {
        Records,
        shardId: SHARD_ID,
        eventSourceARN,
        window: WINDOW,
        state: {},
        isFinalInvokeForWindow: false,
        isWindowTerminatedEarly: false,
      }
    : { Records };
}

function sequenceNumberOf(index: number): string {
  return String(FIRST_SEQUENCE_NUMBER + BigInt(index));
}
