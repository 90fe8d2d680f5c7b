// Goal: show what the on-failure destination gets, and that the shard waits for it. Method: a virtual clock and a
// destination in memory.
import { describe, expect, it } from 'vitest';
import { batches, checkpoint, failOn, runMapping } from './run-mapping.ts';
import { epochMs, record, shardWith } from './virtual-driver.ts';

const queue = 'arn:aws:sqs:us-east-1:123456789012:failed';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('createMapping: on-failure destination', () => {
  it.each([
    ['sqs', queue],
    ['sns', 'arn:aws:sns:us-east-1:123456789012:failed'],
  ])('sends metadata of a discarded Kinesis batch to %s', (kind, destination) => {
    const shard = shardWith(0);
    shard.records.push(record(1, { atMs: epochMs - 2_165 }), record(2, { atMs: epochMs - 1_420 }));
    const settings = { maximumRetryAttempts: 1, destinationConfig: { onFailure: { destination } } };
    const driver = runMapping(settings, shard, () => ({
      outcome: { code: 'failed', requestId: 'c9b8fa9f-5a7f-4a44-af9c-0c604cde93a5' },
    }));
    expect(driver.delivered).toHaveLength(1);
    expect(driver.delivered[0]?.destination).toEqual({ kind, arn: destination });
    expect(driver.delivered[0]?.objectKey).toBeUndefined();
    const document = JSON.parse(driver.delivered[0]?.body ?? '');
    expect(document).toEqual({
      requestContext: {
        requestId: 'c9b8fa9f-5a7f-4a44-af9c-0c604cde93a5',
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:consumer',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(/^2025-01-01T00:00:00\.\d{3}Z$/),
      KinesisBatchInfo: {
        shardId: 'shardId-000000000000',
        startSequenceNumber: shard.records[0]?.SequenceNumber,
        endSequenceNumber: shard.records[1]?.SequenceNumber,
        approximateArrivalOfFirstRecord: '2024-12-31T23:59:57.835Z',
        approximateArrivalOfLastRecord: '2024-12-31T23:59:58.580Z',
        batchSize: 2,
        streamArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/orders',
      },
    });
  });

  it('sends the whole invocation to S3, under a key that names mapping, shard and time', () => {
    const settings = {
      maximumRetryAttempts: 0,
      mappingId: '4f6d6b1e-5b0a-4b3f-9a51-2c7c3c1d9f00',
      destinationConfig: { onFailure: { destination: 'arn:aws:s3:::failed' } },
    };
    const driver = runMapping(settings, shardWith(2), failOn(1));
    const document = JSON.parse(driver.delivered[0]?.body ?? '') as { payload: string };
    expect(document.payload).toBe(driver.seen[0]?.command.payload);
    const [path, name] = split(driver.delivered[0]?.objectKey ?? '');
    expect(path).toBe('aws/lambda/4f6d6b1e-5b0a-4b3f-9a51-2c7c3c1d9f00/shardId-000000000000/2025/01/01');
    expect(name.slice(0, 20)).toBe('2025-01-01T00.00.00-');
    expect(name.slice(20)).toMatch(uuid);
  });

  it('has no response to tell of when the records never reached the function', () => {
    const shard = shardWith(0);
    shard.records.push(record(1, { atMs: epochMs - 100_000 }));
    const settings = {
      maximumRecordAgeInSeconds: 60,
      destinationConfig: { onFailure: { destination: queue } },
    };
    const driver = runMapping(settings, shard, failOn(1));
    const document = JSON.parse(driver.delivered[0]?.body ?? '');
    expect(document.requestContext).toMatchObject({
      condition: 'RecordAgeExceeded',
      approximateInvokeCount: 0,
    });
    expect(document.requestContext.requestId).toMatch(uuid);
    expect(document).not.toHaveProperty('responseContext');
  });

  it('goes on, and checkpoints, only when the destination has the document', () => {
    const settings = {
      batchSize: 1,
      maximumRetryAttempts: 0,
      destinationConfig: { onFailure: { destination: queue } },
    };
    let refusals = 2;
    const driver = runMapping(settings, shardWith(2), failOn(1), {
      deliver: () => {
        refusals -= 1;
        expect(checkpoint(driver ?? { mapping: { checkpoints: () => new Map() } })).toBe(0);
        return refusals < 0;
      },
      forMs: 0,
    });
    driver.runUntil(epochMs + 30_000);
    expect(batches(driver)).toEqual([[1], [2]]);
    expect(driver.delivered).toHaveLength(1);
    expect(driver.mapping.stats()).toMatchObject({ deliveries: 1, deliveriesLost: 0, recordsDiscarded: 1 });
  });

  it('counts a document that the destination never takes, and goes on', () => {
    const settings = {
      batchSize: 1,
      maximumRetryAttempts: 0,
      destinationConfig: { onFailure: { destination: queue } },
    };
    const driver = runMapping(settings, shardWith(2), failOn(1), { deliver: () => false });
    expect(batches(driver)).toEqual([[1], [2]]);
    expect(driver.mapping.stats()).toMatchObject({ deliveries: 0, deliveriesLost: 1 });
    expect(driver.mapping.isIdle()).toBe(true);
  });

  it('does not give a batch up after a stop, when nobody would be told', () => {
    const settings = { maximumRetryAttempts: 0, destinationConfig: { onFailure: { destination: queue } } };
    const driver = runMapping(settings, shardWith(1), failOn(1), { forMs: 8 });
    driver.send({ type: 'stop' });
    driver.runUntil(epochMs + 10_000);
    expect(driver.delivered).toEqual([]);
    expect(driver.mapping.stats().recordsDiscarded).toBe(0);
    expect(checkpoint(driver)).toBe(0);
  });
});

function split(key: string): [string, string] {
  const at = key.lastIndexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}
