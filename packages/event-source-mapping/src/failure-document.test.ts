import { describe, expect, it } from 'vitest';
import {
  createSteppedMapping,
  failed,
  follow,
  listed,
  read,
  reported,
  type SteppedMapping,
  start,
  succeeded,
  timePassed,
} from '../test/step-mapping.ts';
import { epochMs, kinesisSettings, sequenceNumber } from '../test/virtual-driver.ts';
import type { DeliverCommand, MappingSettings } from './types.ts';

const caughtUp = { millisBehindLatest: 0 };
const toQueue = { onFailure: { destination: 'arn:aws:sqs:us-east-1:123456789012:failed' } };
const toBucket = { onFailure: { destination: 'arn:aws:s3:::failed' } };

/** The document that a mapping hands over with this input. */
function documentOf({ step }: SteppedMapping, ...input: Parameters<SteppedMapping['step']>): DeliverCommand {
  const command = step(...input).find(({ type }) => type === 'deliver');
  if (command?.type !== 'deliver') {
    throw new Error('no document is delivered');
  }
  return command;
}

/** A mapping that has invoked the function with records 1 to 3, as invocation 2. */
function running(settings: Partial<MappingSettings>, random: () => number = () => 0.5): SteppedMapping {
  const stepped = createSteppedMapping({ maximumRetryAttempts: 0, ...settings }, { random });
  follow(stepped, [
    [0, start],
    [0, listed('a')],
    [
      1,
      read(
        'a',
        1,
        [
          [1, -2_165],
          [2, -900],
          [3, -1],
        ],
        caughtUp,
      ),
    ],
  ]);
  return stepped;
}

describe('the document of a batch that is given up', () => {
  it('tells when, which records, how often the function was called, and how it ended last', () => {
    const stepped = running({ destinationConfig: toQueue });
    const command = documentOf(stepped, 1_234, failed(2, { requestId: 'r', functionError: 'Handled' }));
    expect({ ...command, body: JSON.parse(command.body) }).toEqual({
      type: 'deliver',
      deliveryId: 3,
      shardId: 'a',
      destination: { kind: 'sqs', arn: toQueue.onFailure.destination },
      body: {
        requestContext: {
          requestId: 'r',
          functionArn: kinesisSettings.functionArn,
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 1,
        },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Handled' },
        version: '1.0',
        timestamp: '2025-01-01T00:00:01.234Z',
        KinesisBatchInfo: {
          shardId: 'a',
          startSequenceNumber: sequenceNumber(1),
          endSequenceNumber: sequenceNumber(3),
          approximateArrivalOfFirstRecord: '2024-12-31T23:59:57.835Z',
          approximateArrivalOfLastRecord: '2024-12-31T23:59:59.999Z',
          batchSize: 3,
          streamArn: kinesisSettings.source.arn,
        },
      },
    });
    expect(command).not.toHaveProperty('objectKey');
  });

  it('has no error where the function answered, and an id of its own where the request has none', () => {
    const functionResponseTypes = ['ReportBatchItemFailures'] as const;
    const stepped = running({ destinationConfig: toQueue, functionResponseTypes });
    const body = JSON.parse(documentOf(stepped, 2, reported(2, 3)).body);
    expect(body).toMatchObject({
      requestContext: { requestId: '88888888-8888-4888-8888-888888888888', approximateInvokeCount: 1 },
      KinesisBatchInfo: { startSequenceNumber: sequenceNumber(3), batchSize: 1 },
    });
    expect(body.responseContext).toEqual({ statusCode: 200, executedVersion: '$LATEST' });
  });

  it('counts the invocations of the records, throttles not among them', () => {
    const stepped = running({ destinationConfig: toQueue, maximumRetryAttempts: 1 });
    follow(stepped, [
      [2, { type: 'invocation-ended', invocationId: 2, outcome: { code: 'throttled' } }],
      [52, timePassed],
      [53, failed(3, { requestId: 'first' })],
      [103, timePassed],
    ]);
    const body = JSON.parse(documentOf(stepped, 104, failed(4)).body);
    expect(body.requestContext.approximateInvokeCount).toBe(2);
    // The last request had no id to tell: that of the first would mislead.
    expect(body.requestContext.requestId).not.toBe('first');
    expect(body.responseContext.functionError).toBe('Unhandled');
  });

  it('has no response to tell of where the function never saw the records', () => {
    const stepped = createSteppedMapping({ maximumRecordAgeInSeconds: 60, destinationConfig: toQueue });
    follow(stepped, [
      [0, start],
      [0, listed('a')],
    ]);
    const body = JSON.parse(documentOf(stepped, 1, read('a', 1, [[1, -70_000]], caughtUp)).body);
    expect(body.requestContext).toMatchObject({ condition: 'RecordAgeExceeded', approximateInvokeCount: 0 });
    expect(body).not.toHaveProperty('responseContext');
  });

  it('has whole seconds and another name for a batch of a table’s stream', () => {
    const arn = 'arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/1';
    const stepped = createSteppedMapping({
      source: { kind: 'dynamodb', arn, region: 'us-east-1' },
      maximumRetryAttempts: 0,
      destinationConfig: toQueue,
    });
    const dynamodb = { ApproximateCreationDateTime: epochMs / 1_000 - 1, SequenceNumber: '111' };
    const records = [{ eventID: '1', eventName: 'INSERT', dynamodb }];
    stepped.step(0, start);
    stepped.step(0, listed('a'));
    stepped.step(1, { type: 'records-read', shardId: 'a', readId: 1, records, isEndOfShard: false });
    const body = JSON.parse(documentOf(stepped, 2, failed(2)).body);
    expect(body).not.toHaveProperty('KinesisBatchInfo');
    expect(body.DDBStreamBatchInfo).toEqual({
      shardId: 'a',
      startSequenceNumber: '111',
      endSequenceNumber: '111',
      approximateArrivalOfFirstRecord: '2024-12-31T23:59:59Z',
      approximateArrivalOfLastRecord: '2024-12-31T23:59:59Z',
      batchSize: 1,
      streamArn: arn,
    });
    expect(body.timestamp).toBe('2025-01-01T00:00:00.002Z');
  });

  it.each([
    ['4f6d6b1e-5b0a-4b3f-9a51-2c7c3c1d9f00', '4f6d6b1e-5b0a-4b3f-9a51-2c7c3c1d9f00', 0],
    [undefined, '00000000-0000-4000-8000-000000000000', 0],
    [undefined, 'ffffffff-ffff-4fff-bfff-ffffffffffff', 0.999],
  ])('goes to S3 whole, under the mapping %s, its shard and the time', (mappingId, name, random) => {
    const stepped = createSteppedMapping(
      { mappingId, tumblingWindowInSeconds: 10, maximumRetryAttempts: 0, destinationConfig: toBucket },
      { random: () => random },
    );
    follow(stepped, [
      [0, start],
      [0, listed('a')],
    ]);
    const invoke = stepped.step(1, read('a', 1, [1, 2], caughtUp)).find(({ type }) => type === 'invoke');
    const command = documentOf(stepped, 45_296_789, failed(2));
    const uuid =
      random === 0 ? '00000000-0000-4000-8000-000000000000' : 'ffffffff-ffff-4fff-bfff-ffffffffffff';
    expect(command.destination).toEqual({ kind: 's3', arn: 'arn:aws:s3:::failed' });
    expect(command.objectKey).toBe(`aws/lambda/${name}/a/2025/01/01/2025-01-01T12.34.56-${uuid}`);
    expect(JSON.parse(command.body).payload).toBe(invoke?.type === 'invoke' ? invoke.payload : '');
    expect(JSON.parse(command.body).KinesisBatchInfo.batchSize).toBe(2);
  });

  it('tells of the records of a window whose last event is given up', () => {
    const stepped = running({ tumblingWindowInSeconds: 60, destinationConfig: toBucket });
    follow(stepped, [
      [2, succeeded(2, { state: 6 })],
      [1_001, timePassed],
      [1_002, read('a', 3, [], { isEndOfShard: true })],
    ]);
    const body = JSON.parse(documentOf(stepped, 1_003, failed(4)).body);
    expect(body.KinesisBatchInfo).toMatchObject({
      startSequenceNumber: sequenceNumber(1),
      endSequenceNumber: sequenceNumber(3),
      approximateArrivalOfFirstRecord: '2024-12-31T23:59:57.835Z',
      approximateArrivalOfLastRecord: '2024-12-31T23:59:59.999Z',
      batchSize: 0,
    });
    expect(JSON.parse(body.payload)).toMatchObject({ Records: [], state: 6, isFinalInvokeForWindow: true });
  });

  it.each([
    [
      'records of its last batch that are too old',
      { maximumRecordAgeInSeconds: 60 },
      [
        [1, -60_000],
        [2, -59_900],
      ],
      false,
    ],
    ['a last record that is too large', { behaviour: { payloadBytesMax: 700 } }, [1], true],
  ] as const)(
    'says by the event whether a window would have ended with %s',
    (_what, settings, numbers, isFinal) => {
      const stepped = createSteppedMapping({
        tumblingWindowInSeconds: 10,
        destinationConfig: toBucket,
        ...settings,
        behaviour: { finalInvocation: 'with-records', ...('behaviour' in settings && settings.behaviour) },
      });
      stepped.step(0, start);
      stepped.step(0, listed('a'));
      const body = JSON.parse(documentOf(stepped, 1, read('a', 1, numbers, { isEndOfShard: true })).body);
      expect(body.KinesisBatchInfo.batchSize).toBe(1);
      expect(JSON.parse(body.payload).isFinalInvokeForWindow).toBe(isFinal);
    },
  );
});
