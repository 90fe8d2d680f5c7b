import { describe, expect, it } from 'vitest';
import { readFailedBatch } from './failed-batch.ts';

const key = 'aws/lambda/14e0db71-5d35-4eb5-b481-8945cf9d10c2/shardId-1/2025/11/23/2025-11-23T08.00.00-1';
const streamArn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/StateTable/stream/2025-11-23T08:00:00.000';
const record = {
  eventID: 'e1',
  eventName: 'INSERT',
  eventSourceARN: streamArn,
  dynamodb: { SequenceNumber: '1' },
};

/** As Lambda documents it for DynamoDB Streams; `payload` is described as text, and was seen as an object. */
function documentOf(more: object = {}): string {
  return JSON.stringify({
    requestContext: {
      requestId: 'r',
      functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:map:live',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    responseContext: { statusCode: 200, executedVersion: '7', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2025-11-23T08:00:00.000Z',
    DDBStreamBatchInfo: {
      shardId: 'shardId-1',
      startSequenceNumber: '1',
      endSequenceNumber: '1',
      batchSize: 1,
      streamArn,
    },
    payload: { Records: [record] },
    ...more,
  });
}

describe('readFailedBatch', () => {
  it.each([
    ['an object', { Records: [record] }],
    ['text', JSON.stringify({ Records: [record] })],
    ['that of a tumbling window', { Records: [record], shardId: 'shardId-1', state: {}, window: {} }],
  ])('reads a payload that is %s', (_, payload) => {
    expect(readFailedBatch(key, documentOf({ payload }))).toMatchObject({
      code: 'batch',
      batch: {
        id: expect.stringMatching(/^b[0-9a-f]{10}$/),
        key,
        condition: 'RetryAttemptsExhausted',
        functionError: 'Unhandled',
        functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:map:live',
        shardId: 'shardId-1',
        streamArn,
        records: [record],
      },
    });
  });

  it('reads the invocation that closes a window, which has no records', () => {
    const payload = {
      Records: [],
      shardId: 'shardId-1',
      state: {},
      window: {},
      isFinalInvokeForWindow: true,
    };
    expect(readFailedBatch(key, documentOf({ payload }))).toMatchObject({
      code: 'batch',
      batch: { records: [] },
    });
  });

  it('reads a batch that never reached its function, which has no response', () => {
    const read = readFailedBatch(key, documentOf({ responseContext: undefined }));
    expect(read).toMatchObject({ code: 'batch', batch: { functionError: undefined } });
  });

  it.each([
    ['batchSize', [11, 12, 14], {}],
    ['batchSize', [11, 12, 13, 14, 14], {}],
    ['startSequenceNumber', [12, 13, 14], { batchSize: 3 }],
    ['endSequenceNumber', [11, 12, 13], { batchSize: 3 }],
    ['endSequenceNumber', [11, 12, 13, 14], { endSequenceNumber: undefined }],
  ])('refuses a batch of a table whose %s is not that of its records', (name, numbers, more) => {
    const whole = {
      shardId: 's',
      startSequenceNumber: '11',
      endSequenceNumber: '14',
      batchSize: 4,
      streamArn,
    };
    const read = (sequenceNumbers: readonly number[], info: object) => {
      const Records = sequenceNumbers.map((number) => ({
        ...record,
        dynamodb: { SequenceNumber: String(number) },
      }));
      return readFailedBatch(key, documentOf({ DDBStreamBatchInfo: info, payload: { Records } }));
    };
    expect(read([11, 12, 13, 14], whole)).toMatchObject({ code: 'batch' });
    expect(read(numbers, { ...whole, ...more })).toMatchObject({
      code: 'unreadable',
      reason: expect.stringContaining(name),
    });
  });

  it.each([
    ['no JSON', '{"requestContext":'],
    ['a list', '[]'],
    ['metadata only, as a queue gets it', documentOf({ payload: undefined })],
    ['a payload without a list of records', documentOf({ payload: { Records: {} } })],
    ['a payload that was cut off', documentOf({ payload: '{"Records":[' })],
    ['records of neither stream', documentOf({ payload: { Records: [{ body: 'a' }] } })],
    [
      'records of Kinesis without data',
      documentOf({ payload: { Records: [{ kinesis: { partitionKey: 'p' } }] } }),
    ],
    ['no shard', documentOf({ DDBStreamBatchInfo: { streamArn } })],
    ['no function', documentOf({ requestContext: { condition: 'x' } })],
  ])('says why it does not take %s', (_, text) => {
    expect(readFailedBatch(key, text)).toMatchObject({
      code: 'unreadable',
      key,
      reason: expect.stringMatching(/./),
    });
  });
});
