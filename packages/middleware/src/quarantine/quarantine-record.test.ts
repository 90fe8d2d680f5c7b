import { describe, expect, it } from 'vitest';
import type { SourceRecord } from '../record-identity.ts';
import { PART_BYTES_MAX } from './quarantine-items.ts';
import { quarantineRecord } from './quarantine-record.ts';

const options = { namespace: 'n', consumer: 'c', table: 'Quarantine' };
const refusal = { reason: 'broken-json', detail: '$' };
const stream = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const kinesis = { sequenceNumber: '1', approximateArrivalTimestamp: 0 };

describe('quarantineRecord', () => {
  it.each<[string, SourceRecord, string, string]>([
    [
      'Kinesis, with enhanced fan-out',
      { eventID: 's:1', eventSourceARN: `${stream}/consumer/a:1`, kinesis: { ...kinesis, data: '/wD/' } },
      `v2#n#c#${stream}#s:1`,
      'ff00ff',
    ],
    [
      'Kinesis, without data',
      { eventID: 's:1', eventSourceARN: stream, kinesis },
      `v2#n#c#${stream}#s:1`,
      '',
    ],
    [
      'DynamoDB Streams',
      { eventID: 'e', eventSourceARN: 'arn:table', dynamodb: { SequenceNumber: '1' } },
      'v2#n#c#arn:table#e',
      Buffer.from('{"SequenceNumber":"1"}').toString('hex'),
    ],
    [
      'SQS',
      { messageId: 'm', eventSourceARN: 'arn:queue', body: 'é', attributes: { SentTimestamp: '0' } },
      'v2#n#c#arn:queue#m',
      'c3a9',
    ],
    [
      'a record that says nothing',
      { eventID: 'e', eventSourceARN: 'arn:table' },
      'v2#n#c#arn:table#e',
      '6e756c6c',
    ],
  ])('keeps a record of %s under its identity, with its raw bytes', (_, record, source, payload) => {
    const { writes, preparatoryWrites } = quarantineRecord(record, refusal, options);
    expect(preparatoryWrites).toEqual([]);
    expect(writes).toMatchObject([
      {
        type: 'put',
        table: 'Quarantine',
        key: { Source: { S: source }, Part: { N: '0' } },
        attributes: { Reason: { S: 'broken-json' }, Detail: { S: '$' } },
      },
    ]);
    const [head] = writes;
    const bytes = head?.attributes['Payload'];
    expect(bytes !== undefined && 'B' in bytes && Buffer.from(bytes.B).toString('hex')).toBe(payload);
  });

  it('writes all but the head before the transaction of the record', () => {
    const data = Buffer.alloc(PART_BYTES_MAX + 20_000).toString('base64');
    const record = { eventID: 's:1', eventSourceARN: stream, kinesis: { ...kinesis, data } };
    const { writes, preparatoryWrites } = quarantineRecord(record, refusal, options);
    expect([writes.length, preparatoryWrites.length]).toEqual([1, 2]);
  });

  it('refuses what nothing names', () => {
    for (const record of [{ eventID: 'e' }, { eventSourceARN: 'arn:table' }]) {
      expect(() => quarantineRecord(record, refusal, options)).toThrow(/nothing that names it/);
    }
  });
});
