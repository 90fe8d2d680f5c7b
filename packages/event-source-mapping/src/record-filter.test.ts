import { describe, expect, it } from 'vitest';
import { batches, checkpoint, runMapping } from '../test/run-mapping.ts';
import { epochMs, record, sequenceNumber, shardWith, success } from '../test/virtual-driver.ts';
import { createRecordFilter } from './record-filter.ts';
import { dynamoDbEventRecord } from './source-record.ts';

const onCity = [{ pattern: '{"data":{"City":["Seattle"]}}' }];

describe('createRecordFilter', () => {
  it('does not take another error for one of a pattern', () => {
    const pattern = undefined as unknown as string;
    expect(() => createRecordFilter([{ pattern }], 'kinesis')).toThrow(TypeError);
  });

  it('lets everything through without patterns', () => {
    expect(createRecordFilter([], 'kinesis')).toBeUndefined();
  });

  it('looks into the data of a Kinesis record, in bytes or base64', () => {
    const filter = createRecordFilter(onCity, 'kinesis');
    expect(filter?.passesKinesis(record(1, { data: { City: 'Seattle' } }))).toBe(true);
    expect(filter?.passesKinesis(record(1, { data: { City: 'Rome' } }))).toBe(false);
    expect(filter?.passesKinesis({ ...record(1), Data: 'eyJDaXR5IjoiU2VhdHRsZSJ9' })).toBe(true);
  });

  it('looks at the fields of the Kinesis record beside its data', () => {
    const filter = createRecordFilter([{ pattern: '{"partitionKey":["1"]}' }], 'kinesis');
    expect(filter?.passesKinesis({ ...record(1, { key: '1' }), Data: '//79' })).toBe(true);
    expect(filter?.passesKinesis(record(1, { key: '2' }))).toBe(false);
  });

  it.each([
    ['text that is not JSON', 'aGVsbG8='],
    ['bytes that are not UTF-8', '//79'],
    ['text that is not base64', '*'],
  ])('drops %s under a pattern on the data', (_name, data) => {
    const alternatives = [{ pattern: '{"$or":[{"data":{"A":[{"exists":false}]}},{"data":{"B":["x"]}}]}' }];
    expect(createRecordFilter(onCity, 'kinesis')?.passesKinesis({ ...record(1), Data: data })).toBe(false);
    expect(createRecordFilter(alternatives, 'kinesis')?.passesKinesis({ ...record(1), Data: data })).toBe(
      false,
    );
  });

  it('lets a record through that matches one of several patterns', () => {
    const filter = createRecordFilter([...onCity, { pattern: '{"partitionKey":["1"]}' }], 'kinesis');
    expect(filter?.passesKinesis(record(1, { key: '1', data: 'no city' }))).toBe(true);
  });

  it('looks into the data where only one of several patterns, or alternatives, does', () => {
    const nobody = { pattern: '{"partitionKey":["nobody"]}' };
    const inSeattle = record(1, { data: { City: 'Seattle' } });
    expect(createRecordFilter([nobody, ...onCity], 'kinesis')?.passesKinesis(inSeattle)).toBe(true);
    const alternatives = [{ pattern: '{"$or":[{"data":{"A":[{"exists":false}]}},{"x":["y"]}]}' }];
    const filter = createRecordFilter(alternatives, 'kinesis');
    expect(filter?.passesKinesis(inSeattle)).toBe(true);
    expect(filter?.passesKinesis({ ...inSeattle, Data: '*' })).toBe(false);
  });

  it('looks at the whole DynamoDB record, where numbers of an item are text', () => {
    const filter = createRecordFilter(
      [{ pattern: '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"Age":{"N":["42"]}}}}' }],
      'dynamodb',
    );
    const numeric = createRecordFilter(
      [{ pattern: '{"dynamodb":{"NewImage":{"Age":{"N":[{"numeric":["=",42]}]}}}}' }],
      'dynamodb',
    );
    const event = dynamoDbEventRecord(
      {
        eventID: '1',
        eventName: 'INSERT',
        dynamodb: { SequenceNumber: '1', ApproximateCreationDateTime: 1, NewImage: { Age: { N: '42' } } },
      },
      {
        kind: 'dynamodb',
        arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/s',
        region: 'us-east-1',
      },
    );
    expect(filter?.passesDynamoDb(event)).toBe(true);
    expect(numeric?.passesDynamoDb(event)).toBe(false);
    const either = createRecordFilter(
      [{ pattern: '{"eventName":["REMOVE"]}' }, { pattern: '{"eventName":["INSERT"]}' }],
      'dynamodb',
    );
    expect(either?.passesDynamoDb(event)).toBe(true);
  });

  it.each([
    ['{"partitionKey":["1"]}', '{"partitionKey":["0"]}'],
    ['{"kinesisSchemaVersion":["1.0"]}', '{"kinesisSchemaVersion":[1.0]}'],
    [`{"sequenceNumber":["${sequenceNumber(1)}"]}`, `{"sequenceNumber":["${sequenceNumber(2)}"]}`],
    [
      '{"approximateArrivalTimestamp":[{"numeric":["=",1735689600.5]}]}',
      '{"approximateArrivalTimestamp":[1735689600]}',
    ],
    ['{"$or":[{"data":{"number":[1]}},{"data":{"number":[2]}}]}', '{"data":{"number":["1"]}}'],
    ['{"data":{"other":[{"exists":false}]}}', '{"data":{"number":[2]}}'],
    ['{"other":[{"exists":false}]}', '{"other":[{"exists":true}]}'],
  ])('lets a Kinesis record through by %s and not by %s', (passing, other) => {
    const one = record(1, { key: '1', atMs: epochMs + 500 });
    const dated = { ...one, ApproximateArrivalTimestamp: new Date(epochMs + 500) };
    for (const each of [one, dated]) {
      expect(createRecordFilter([{ pattern: passing }], 'kinesis')?.passesKinesis(each)).toBe(true);
      expect(createRecordFilter([{ pattern: other }], 'kinesis')?.passesKinesis(each)).toBe(false);
    }
  });

  it('does not look into the data where no pattern does', () => {
    const broken = { ...record(1), Data: '*' };
    const filter = createRecordFilter(
      [{ pattern: '{"$or":[{"partitionKey":["key-1"]},{"a":["b"]}]}' }],
      'kinesis',
    );
    expect(filter?.passesKinesis(broken)).toBe(true);
    expect(filter?.passesKinesis({ ...broken, Data: undefined })).toBe(true);
  });

  it('drops a record without data under a pattern on the data', () => {
    const pattern = '{"data":{"A":[{"exists":false}]}}';
    const filter = createRecordFilter([{ pattern }], 'kinesis');
    expect(filter?.passesKinesis({ ...record(1), Data: undefined })).toBe(false);
    expect(filter?.passesKinesis(record(1))).toBe(true);
  });

  it('says which of the filters is refused', () => {
    expect(() => createRecordFilter([...onCity, { pattern: '{"A":["x",{"exists":1}]}' }], 'kinesis')).toThrow(
      expect.objectContaining({
        setting: 'filterCriteria.filters[1].pattern',
        message: 'filterCriteria.filters[1].pattern needs true or false under exists, at A[1].exists',
      }),
    );
  });

  it.each([
    ['kinesis', 'data', 'dynamodb'],
    ['dynamodb', 'dynamodb', 'data'],
  ] as const)('refuses a %s pattern with a list under %s, and takes one under %s', (kind, field, other) => {
    expect(() => createRecordFilter([{ pattern: `{"${field}":["text"]}` }], kind)).toThrow(
      expect.objectContaining({
        name: 'SettingsError',
        setting: 'filterCriteria.filters[0].pattern',
        message: `filterCriteria.filters[0].pattern needs an object, not a list, at ${field}`,
      }),
    );
    expect(createRecordFilter([{ pattern: `{"${other}":["text"]}` }], kind)).toBeDefined();
  });
});

describe('createMapping with a filter', () => {
  it('drops what does not match, fills batches with what does, and moves past all of it', () => {
    const shard = shardWith(0);
    for (let number = 1; number <= 10; number += 1) {
      shard.records.push(record(number, { data: { odd: number % 2 } }));
    }
    const settings = { batchSize: 3, filterCriteria: { filters: [{ pattern: '{"data":{"odd":[1]}}' }] } };
    const driver = runMapping(settings, shard, () => success);
    expect(batches(driver)).toEqual([
      [1, 3, 5],
      [7, 9],
    ]);
    expect(checkpoint(driver)).toBe(10);
    expect(driver.mapping.stats()).toMatchObject({ recordsRead: 10, recordsFiltered: 5 });
  });

  it('moves past records of which none matches, without an invocation', () => {
    const settings = { filterCriteria: { filters: [{ pattern: '{"partitionKey":["nobody"]}' }] } };
    const driver = runMapping(settings, shardWith(5), () => success);
    expect(driver.seen).toEqual([]);
    expect(checkpoint(driver)).toBe(5);
    expect(driver.mapping.isIdle()).toBe(true);
  });
});
