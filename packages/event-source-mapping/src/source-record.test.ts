import { describe, expect, it } from 'vitest';
import { dynamoDbEventRecord, dynamoDbEventText, kinesisEventText } from './source-record.ts';
import type { DynamoDbSourceRecord } from './types.ts';

const stream = {
  kind: 'kinesis',
  arn: 'arn:aws:kinesis:us-east-1:123456789012:stream/orders',
  region: 'us-east-1',
} as const;
const table = {
  kind: 'dynamodb',
  arn: 'arn:aws:dynamodb:table/Orders/stream/1',
  region: 'us-east-1',
} as const;

const put = { SequenceNumber: '7', PartitionKey: 'key', Data: 'AA==', ApproximateArrivalTimestamp: 1.0005 };
/** The least that a record of a table's stream has. */
const change = {
  eventID: 'c4ca',
  eventName: 'INSERT',
  dynamodb: { ApproximateCreationDateTime: 1_479_499_740.9, SequenceNumber: '111' },
} satisfies DynamoDbSourceRecord;

const bytes = Uint8Array.from([0, 255, 16]);

/** Refuses to write without this field, and names it. */
function withoutField(field: string): object {
  return expect.objectContaining({
    name: 'SourceRecordError',
    code: 'incomplete-source-record',
    field,
    message: `the source record has no ${field}`,
  });
}

describe('kinesisEventText', () => {
  it('has an empty identity where the mapping has none, and the arrival to the millisecond', () => {
    const text = kinesisEventText(put, 'shardId-1', stream);
    expect(JSON.parse(text.json)).toMatchObject({
      invokeIdentityArn: '',
      kinesis: { approximateArrivalTimestamp: 1.001 },
    });
    expect(text).toMatchObject({ arrivalMs: 1_001, sequenceNumber: '7', orderingKey: 'key' });
  });

  it('takes data as base64 or as bytes, and the arrival as seconds or as a Date', () => {
    const asWritten = kinesisEventText(
      { ...put, ApproximateArrivalTimestamp: 1.5, Data: 'AP8Q' },
      's',
      stream,
    );
    const arrival = new Date(1_500);
    const asRead = kinesisEventText(
      { ...put, ApproximateArrivalTimestamp: arrival, Data: bytes },
      's',
      stream,
    );
    expect(asRead).toEqual(asWritten);
    expect(JSON.parse(asRead.json).kinesis).toMatchObject({ data: 'AP8Q', approximateArrivalTimestamp: 1.5 });
  });

  it.each(['SequenceNumber', 'PartitionKey', 'Data', 'ApproximateArrivalTimestamp'])(
    'refuses a record without %s',
    (field) => {
      const record = { ...put, [field]: undefined };
      expect(() => kinesisEventText(record, 'shardId-1', stream)).toThrow(withoutField(field));
    },
  );
});

describe('dynamoDbEventRecord', () => {
  it('has no field that the stream left out', () => {
    expect(dynamoDbEventRecord(change, table)).toEqual({
      eventID: 'c4ca',
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: { ApproximateCreationDateTime: 1_479_499_740, SequenceNumber: '111' },
      eventSourceARN: table.arn,
    });
    expect(Object.keys(dynamoDbEventRecord(change, table).dynamodb)).toHaveLength(2);
    expect(dynamoDbEventRecord(change, table)).not.toHaveProperty('userIdentity');
  });

  it.each([
    [{ PrincipalId: 'p', Type: 'Service' }, 'Service'],
    [{ principalId: 'p', type: 'Federated' }, 'Federated'],
    [{ PrincipalId: 'p', Type: 'Federated', type: 'Service' }, 'Federated'],
    [{ principalId: 'p' }, 'Service'],
    [{ PrincipalId: 'p' }, 'Service'],
  ])('takes the identity %j', (userIdentity, type) => {
    expect(dynamoDbEventRecord({ ...change, userIdentity }, table).userIdentity).toEqual({
      type,
      principalId: 'p',
    });
  });

  it('has no identity without a principal', () => {
    const record = { ...change, userIdentity: { Type: 'Service' } };
    expect(dynamoDbEventRecord(record, table)).not.toHaveProperty('userIdentity');
  });

  it('has what the stream says of size and view, and images without bytes as they are', () => {
    const image = { Id: { N: '1' }, List: { S: 'x' } };
    const dynamodb = {
      ...change.dynamodb,
      Keys: image,
      NewImage: image,
      OldImage: image,
      SizeBytes: 0,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    };
    const written = dynamoDbEventRecord({ ...change, dynamodb }, table).dynamodb;
    expect(written).toEqual({ ...dynamodb, ApproximateCreationDateTime: 1_479_499_740 });
    // Not copied: most images have no bytes, and this runs once for each record.
    expect([written.Keys, written.NewImage, written.OldImage].every((each) => each === image)).toBe(true);
  });

  it.each<[string, object, object]>([
    ['B', { B: bytes }, { B: 'AP8Q' }],
    ['BS', { BS: [bytes, bytes] }, { BS: ['AP8Q', 'AP8Q'] }],
    ['L', { L: [{ S: 'x' }, { B: bytes }] }, { L: [{ S: 'x' }, { B: 'AP8Q' }] }],
    ['M', { M: { b: { B: bytes }, n: { N: '1' } } }, { M: { b: { B: 'AP8Q' }, n: { N: '1' } } }],
    ['L of L', { L: [{ L: [{ M: { b: { B: bytes } } }] }] }, { L: [{ L: [{ M: { b: { B: 'AP8Q' } } }] }] }],
    ['M beside null', { M: { n: { NULL: true }, o: null } }, { M: { n: { NULL: true }, o: null } }],
  ])('writes bytes in %s as base64, wherever an image has them', (_type, value, written) => {
    for (const image of ['Keys', 'NewImage', 'OldImage'] as const) {
      const dynamodb = { ...change.dynamodb, [image]: { Id: { N: '1' }, Value: value } };
      expect(dynamoDbEventRecord({ ...change, dynamodb }, table).dynamodb[image]).toEqual({
        Id: { N: '1' },
        Value: written,
      });
    }
  });

  it.each(['eventID', 'eventName', 'dynamodb'])('refuses a record without %s', (field) => {
    expect(() => dynamoDbEventRecord({ ...change, [field]: undefined }, table)).toThrow(withoutField(field));
  });

  it.each(['ApproximateCreationDateTime', 'SequenceNumber'])('refuses a change without %s', (field) => {
    const dynamodb = { ...change.dynamodb, [field]: undefined };
    expect(() => dynamoDbEventRecord({ ...change, dynamodb }, table)).toThrow(withoutField(field));
  });
});

describe('dynamoDbEventText', () => {
  const Keys = { Id: { N: '1' } };
  const keyed = dynamoDbEventRecord({ ...change, dynamodb: { ...change.dynamodb, Keys } }, table);

  it('orders by the item’s key where lanes need it, else all records alike', () => {
    const other = { Id: { N: '2' } };
    const otherItem = dynamoDbEventRecord(
      { ...change, dynamodb: { ...change.dynamodb, Keys: other } },
      table,
    );
    const keyOf = (record: typeof keyed, isKeyed: boolean): string =>
      dynamoDbEventText(record, isKeyed).orderingKey;
    expect(keyOf(keyed, true)).not.toBe(keyOf(otherItem, true));
    expect(keyOf(keyed, true)).toBe(keyOf({ ...keyed, eventID: 'other' }, true));
    expect(keyOf(keyed, false)).toBe(keyOf(otherItem, false));
    expect(keyOf(dynamoDbEventRecord(change, table), true)).toBe(
      keyOf(dynamoDbEventRecord({ ...change, eventID: 'other' }, table), true),
    );
  });

  it('counts the bytes of its text, and the age from the second of its creation', () => {
    expect(dynamoDbEventText({ ...keyed, eventID: 'é' }, true)).toMatchObject({
      json: JSON.stringify({ ...keyed, eventID: 'é' }),
      bytes: JSON.stringify({ ...keyed, eventID: 'ab' }).length,
      sequenceNumber: '111',
      arrivalMs: 1_479_499_740_000,
    });
  });
});
