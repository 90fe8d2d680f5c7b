import { describe, expect, it } from 'vitest';
import { batches, checkpoint, runMapping } from '../test/run-mapping.ts';
import { record, shardWith, success } from '../test/virtual-driver.ts';
import { createRecordFilter } from './record-filter.ts';
import { SettingsError } from './settings-error.ts';
import { dynamoDbEventRecord } from './source-record.ts';

const onCity = [{ pattern: '{"data":{"City":["Seattle"]}}' }];

describe('createRecordFilter', () => {
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
  });

  it('refuses a pattern for the data that is not an object', () => {
    expect(() => createRecordFilter([{ pattern: '{"data":["text"]}' }], 'kinesis')).toThrow(SettingsError);
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
