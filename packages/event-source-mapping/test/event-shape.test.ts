// Goal: the events are field by field what Lambda sends. Method: the documentation's examples, Powertools' parser schemas
// and, in event-shape.test-d.ts, the published types.
import { DynamoDBStreamSchema } from '@aws-lambda-powertools/parser/schemas/dynamodb';
import { KinesisDataStreamSchema } from '@aws-lambda-powertools/parser/schemas/kinesis';
import { describe, expect, it } from 'vitest';
import { createMapping } from '../src/create-mapping.ts';
import type { DynamoDbSourceRecord, MappingSettings, SourceRecord } from '../src/types.ts';
import { epochMs, kinesisSettings, record } from './virtual-driver.ts';

const streamArn = 'arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2025-01-01T00:00:00.000';
const tableSettings: MappingSettings = {
  ...kinesisSettings,
  source: { kind: 'dynamodb', arn: streamArn, region: 'us-east-1' },
};

const change: DynamoDbSourceRecord = {
  eventID: 'c4ca4238a0b923820dcc509a6f75849b',
  eventName: 'MODIFY',
  eventVersion: '1.0',
  awsRegion: 'ddblocal',
  dynamodb: {
    ApproximateCreationDateTime: new Date(1_479_499_740_900),
    Keys: { Id: { N: '101' } },
    NewImage: { Message: { S: 'New item! “é”' }, Id: { N: '101' } },
    OldImage: { Message: { S: 'Old' }, Id: { N: '101' } },
    SequenceNumber: '111000000000000000001',
    SizeBytes: 26,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  },
};

describe('a Kinesis event', () => {
  const event = eventOf(kinesisSettings, [
    { ...record(1, { key: 'key “é”', atMs: 1_545_084_650_987 }), Data: 'SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==' },
  ]);

  it('has the fields of the documentation and no others', () => {
    expect(event.value).toEqual({
      Records: [
        {
          kinesis: {
            kinesisSchemaVersion: '1.0',
            partitionKey: 'key “é”',
            sequenceNumber: record(1).SequenceNumber,
            data: 'SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==',
            approximateArrivalTimestamp: 1_545_084_650.987,
          },
          eventSource: 'aws:kinesis',
          eventVersion: '1.0',
          eventID: `shardId-000000000006:${record(1).SequenceNumber}`,
          eventName: 'aws:kinesis:record',
          invokeIdentityArn: 'arn:aws:iam::123456789012:role/consumer',
          awsRegion: 'us-east-1',
          eventSourceARN: 'arn:aws:kinesis:us-east-1:123456789012:stream/orders',
        },
      ],
    });
  });

  it('passes Powertools’ schema, within a tumbling window too', () => {
    expect(KinesisDataStreamSchema.safeParse(event.value).error).toBeUndefined();
    const inWindow = eventOf({ ...kinesisSettings, tumblingWindowInSeconds: 60 }, [record(1)]);
    expect(KinesisDataStreamSchema.safeParse(inWindow.value).error).toBeUndefined();
  });

  it('has the size that is told', () => {
    expect(event.bytes).toBe(event.encodedBytes);
  });

  it('takes bytes, and a Date for the arrival, as the SDK gives them', () => {
    const bytes = {
      ...record(1),
      Data: Uint8Array.from([0, 255, 16]),
      ApproximateArrivalTimestamp: new Date(epochMs),
    };
    expect(eventOf(kinesisSettings, [bytes]).value).toMatchObject({
      Records: [{ kinesis: { data: 'AP8Q', approximateArrivalTimestamp: epochMs / 1_000 } }],
    });
  });

  it.each(['SequenceNumber', 'PartitionKey', 'Data', 'ApproximateArrivalTimestamp'])(
    'is not made without %s',
    (field) => {
      expect(() => eventOf(kinesisSettings, [{ ...record(1), [field]: undefined }])).toThrow(
        expect.objectContaining({ name: 'SourceRecordError', code: 'incomplete-source-record', field }),
      );
    },
  );
});

describe('a DynamoDB stream event', () => {
  it('has the fields of the documentation and no others, whatever a local engine writes for region and version', () => {
    const event = eventOf(tableSettings, [change]);
    expect(event.value).toEqual({
      Records: [
        {
          eventID: 'c4ca4238a0b923820dcc509a6f75849b',
          eventName: 'MODIFY',
          eventVersion: '1.1',
          eventSource: 'aws:dynamodb',
          awsRegion: 'us-east-1',
          dynamodb: { ...change.dynamodb, ApproximateCreationDateTime: 1_479_499_740 },
          eventSourceARN: streamArn,
        },
      ],
    });
    expect(event.bytes).toBe(event.encodedBytes);
    expect(DynamoDBStreamSchema.safeParse(event.value).error).toBeUndefined();
  });

  it.each([
    ['as the SDK spells it', { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' }],
    ['as the wire spells it', { principalId: 'dynamodb.amazonaws.com', type: 'Service' }],
  ])('says that time to live removed an item, %s', (_name, userIdentity) => {
    const event = eventOf(tableSettings, [{ ...change, eventName: 'REMOVE', userIdentity }]);
    expect(event.value).toMatchObject({
      Records: [{ userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }],
    });
    expect(DynamoDBStreamSchema.safeParse(event.value).error).toBeUndefined();
  });

  it('writes binary values as base64, at any depth', () => {
    const bytes = Uint8Array.from([0, 255, 16]);
    const NewImage = {
      Id: { N: '1' },
      Raw: { B: bytes },
      Set: { BS: [bytes] },
      List: { L: [{ M: { Deep: { B: bytes } } }] },
    };
    const event = eventOf(tableSettings, [{ ...change, dynamodb: { ...change.dynamodb, NewImage } }]);
    expect(event.value).toMatchObject({
      Records: [
        {
          dynamodb: {
            NewImage: {
              Raw: { B: 'AP8Q' },
              Set: { BS: ['AP8Q'] },
              List: { L: [{ M: { Deep: { B: 'AP8Q' } } }] },
            },
          },
        },
      ],
    });
  });

  it('leaves out what the view type leaves out', () => {
    const { NewImage: _new, OldImage: _old, ...keysOnly } = change.dynamodb ?? {};
    const event = eventOf(tableSettings, [
      { ...change, dynamodb: { ...keysOnly, StreamViewType: 'KEYS_ONLY' } },
    ]);
    const [first] = (event.value as { Records: { dynamodb: object }[] }).Records;
    expect(Object.keys(first?.dynamodb ?? {})).not.toContain('NewImage');
  });
});

/** The event that a mapping sends for these records. */
function eventOf(
  settings: MappingSettings,
  records: readonly SourceRecord[],
): { readonly value: unknown; readonly bytes: number; readonly encodedBytes: number } {
  const mapping = createMapping(
    { ...settings, behaviour: { retentionSeconds: 1_000_000_000 } },
    { random: () => 0 },
  );
  const shardId = 'shardId-000000000006';
  const now = epochMs;
  mapping.step({ type: 'start', now });
  const listed = mapping.step({
    type: 'shards-listed',
    now,
    shards: [{ shardId, parentShardIds: [], isClosed: false }],
  });
  const readId = listed.find(({ type }) => type === 'read');
  if (readId?.type !== 'read') {
    throw new Error('nothing is read');
  }
  const commands = mapping.step({
    type: 'records-read',
    now,
    shardId,
    readId: readId.readId,
    records,
    isEndOfShard: false,
  });
  const invoke = commands.find(({ type }) => type === 'invoke');
  if (invoke?.type !== 'invoke') {
    throw new Error('nothing is invoked');
  }
  const encodedBytes = encodeURIComponent(invoke.payload).replace(/%../g, '.').length;
  return { value: JSON.parse(invoke.payload), bytes: invoke.payloadBytes, encodedBytes };
}
