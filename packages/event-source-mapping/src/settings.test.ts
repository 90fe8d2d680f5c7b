import { describe, expect, it } from 'vitest';
import { kinesisSettings } from '../test/virtual-driver.ts';
import { type ResolvedSettings, resolveSettings } from './settings.ts';
import type { MappingSettings } from './settings-types.ts';

const tenFilters = Array.from({ length: 10 }, () => ({ pattern: '{}' }));

describe('resolveSettings', () => {
  it('has the defaults of the API, and of what AWS leaves open', () => {
    expect(resolveSettings(kinesisSettings)).toEqual({
      source: kinesisSettings.source,
      functionArn: kinesisSettings.functionArn,
      mappingId: undefined,
      batchSize: 100,
      batchingWindowMs: 0,
      startingPosition: { kind: 'trim-horizon' },
      retryAttemptsMax: Number.POSITIVE_INFINITY,
      recordAgeMsMax: 86_400_000,
      isBisecting: false,
      isReportingItemFailures: false,
      parallelizationFactor: 1,
      windowMs: 0,
      filters: [],
      destination: undefined,
      behaviour: {
        pollIntervalMs: 1_000,
        shardListIntervalMs: 10_000,
        readLimit: 10_000,
        bufferedRecordsMax: 10_000,
        bufferedBytesMax: 12_582_912,
        payloadBytesMax: 6_291_456,
        backoffBaseMs: 100,
        backoffLimitMs: 5_000,
        retentionSeconds: 86_400,
        windowQuietMs: 120_000,
        windowStateBytesMax: 1_048_576,
        finalInvocation: 'without-records',
        retryGrouping: 'same',
        retriesAfterProgress: 'continue',
        unknownItemIdentifier: 'whole-batch',
        malformedResponse: 'failure',
        reportAtFirstRecord: 'halve',
        arrivalResolutionMs: 0,
        destinationAttemptsMax: 3,
        rememberedBatchesMax: 0,
      },
    });
  });

  it('polls a DynamoDB stream four times a second for 1,000 records', () => {
    const source = { ...kinesisSettings.source, kind: 'dynamodb' as const };
    expect(resolveSettings({ ...kinesisSettings, source }).behaviour).toMatchObject({
      pollIntervalMs: 250,
      readLimit: 1_000,
      bufferedRecordsMax: 1_000,
    });
  });

  it.each<[string, Partial<MappingSettings>, Partial<ResolvedSettings>]>([
    ['two batches for each lane', { batchSize: 3_000, parallelizationFactor: 2 }, buffer(12_000, 2)],
    ['one read, where that is more', { batchSize: 10, behaviour: { readLimit: 500 } }, buffer(500, 1)],
    ['what is chosen', { behaviour: { bufferedRecordsMax: 7 } }, buffer(7, 1)],
  ])('buffers %s', (_name, change, resolved) => {
    expect(resolveSettings({ ...kinesisSettings, ...change })).toMatchObject(resolved);
  });

  it.each<[Partial<MappingSettings>, Partial<ResolvedSettings>]>([
    [{ batchSize: 1 }, { batchSize: 1 }],
    [{ batchSize: 10_000 }, { batchSize: 10_000 }],
    [{ maximumBatchingWindowInSeconds: 0 }, { batchingWindowMs: 0 }],
    [{ maximumBatchingWindowInSeconds: 300 }, { batchingWindowMs: 300_000 }],
    [{ maximumRetryAttempts: -1 }, { retryAttemptsMax: Number.POSITIVE_INFINITY }],
    [{ maximumRetryAttempts: 0 }, { retryAttemptsMax: 0 }],
    [{ maximumRetryAttempts: 10_000 }, { retryAttemptsMax: 10_000 }],
    [{ maximumRecordAgeInSeconds: -1 }, { recordAgeMsMax: 86_400_000 }],
    [{ maximumRecordAgeInSeconds: 60 }, { recordAgeMsMax: 60_000 }],
    [{ maximumRecordAgeInSeconds: 604_800 }, { recordAgeMsMax: 86_400_000 }],
    [
      { maximumRecordAgeInSeconds: 604_800, behaviour: { retentionSeconds: 1_000_000 } },
      { recordAgeMsMax: 604_800_000 },
    ],
    [{ parallelizationFactor: 1 }, { parallelizationFactor: 1 }],
    [{ parallelizationFactor: 10 }, { parallelizationFactor: 10 }],
    [
      { parallelizationFactor: 10, tumblingWindowInSeconds: 0 },
      { parallelizationFactor: 10, windowMs: 0 },
    ],
    [{ tumblingWindowInSeconds: 1, parallelizationFactor: 1 }, { windowMs: 1_000 }],
    [{ tumblingWindowInSeconds: 900 }, { windowMs: 900_000 }],
    [{ bisectBatchOnFunctionError: true }, { isBisecting: true }],
    [{ functionResponseTypes: [] }, { isReportingItemFailures: false }],
    [{ functionResponseTypes: ['ReportBatchItemFailures'] }, { isReportingItemFailures: true }],
    [{ filterCriteria: { filters: tenFilters } }, { filters: tenFilters }],
    [{ destinationConfig: {} }, { destination: undefined }],
    [{ startingPosition: 'LATEST' }, { startingPosition: { kind: 'latest' } }],
    [
      { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: 1.5 },
      { startingPosition: { kind: 'at-timestamp', timestampSeconds: 1.5 } },
    ],
  ])('takes %j', (change, resolved) => {
    expect(resolveSettings({ ...kinesisSettings, ...change })).toMatchObject(resolved);
  });

  it.each<[string, Partial<MappingSettings>, string, string]>([
    ['no records', { batchSize: 0 }, 'batchSize', 'must be an integer from 1 to 10000'],
    ['too many records', { batchSize: 10_001 }, 'batchSize', 'must be an integer from 1 to 10000'],
    ['half a record', { batchSize: 1.5 }, 'batchSize', 'must be an integer from 1 to 10000'],
    [
      'a batching window below 0',
      { maximumBatchingWindowInSeconds: -1 },
      'maximumBatchingWindowInSeconds',
      'must be an integer from 0 to 300',
    ],
    [
      'a long batching window',
      { maximumBatchingWindowInSeconds: 301 },
      'maximumBatchingWindowInSeconds',
      'must be an integer from 0 to 300',
    ],
    [
      'too many retries',
      { maximumRetryAttempts: 10_001 },
      'maximumRetryAttempts',
      'must be an integer from -1 to 10000',
    ],
    [
      'retries below -1',
      { maximumRetryAttempts: -2 },
      'maximumRetryAttempts',
      'must be an integer from -1 to 10000',
    ],
    [
      'an age below a minute',
      { maximumRecordAgeInSeconds: 59 },
      'maximumRecordAgeInSeconds',
      'must be -1 or at least 60',
    ],
    [
      'an age of 0',
      { maximumRecordAgeInSeconds: 0 },
      'maximumRecordAgeInSeconds',
      'must be -1 or at least 60',
    ],
    [
      'an age below -1',
      { maximumRecordAgeInSeconds: -2 },
      'maximumRecordAgeInSeconds',
      'must be an integer from -1 to 604800',
    ],
    [
      'an age above a week',
      { maximumRecordAgeInSeconds: 604_801 },
      'maximumRecordAgeInSeconds',
      'must be an integer from -1 to 604800',
    ],
    ['no lane', { parallelizationFactor: 0 }, 'parallelizationFactor', 'must be an integer from 1 to 10'],
    [
      'eleven lanes',
      { parallelizationFactor: 11 },
      'parallelizationFactor',
      'must be an integer from 1 to 10',
    ],
    [
      'a tumbling window below 0',
      { tumblingWindowInSeconds: -1 },
      'tumblingWindowInSeconds',
      'must be an integer from 0 to 900',
    ],
    [
      'a long tumbling window',
      { tumblingWindowInSeconds: 901 },
      'tumblingWindowInSeconds',
      'must be an integer from 0 to 900',
    ],
    [
      'lanes with a tumbling window',
      { tumblingWindowInSeconds: 1, parallelizationFactor: 2 },
      'parallelizationFactor',
      'must be 1 with a tumbling window',
    ],
    [
      'another starting position',
      { startingPosition: 'EARLIEST' as never },
      'startingPosition',
      'must be TRIM_HORIZON, LATEST or AT_TIMESTAMP',
    ],
    [
      'a time without AT_TIMESTAMP',
      { startingPositionTimestamp: 1 },
      'startingPositionTimestamp',
      'goes with AT_TIMESTAMP only',
    ],
    [
      'AT_TIMESTAMP without a time',
      { startingPosition: 'AT_TIMESTAMP' },
      'startingPositionTimestamp',
      'is needed with AT_TIMESTAMP',
    ],
    [
      'AT_TIMESTAMP with a time that is no number',
      { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: Number.NaN },
      'startingPositionTimestamp',
      'is needed with AT_TIMESTAMP',
    ],
    [
      'AT_TIMESTAMP for a DynamoDB stream',
      {
        source: { ...kinesisSettings.source, kind: 'dynamodb' },
        startingPosition: 'AT_TIMESTAMP',
        startingPositionTimestamp: 1,
      },
      'startingPosition',
      'AT_TIMESTAMP is not available for DynamoDB streams',
    ],
    [
      'a destination of another service',
      destination('arn:aws:lambda:us-east-1:1:function:f'),
      'destinationConfig',
      'must name an SQS queue, an SNS topic or an S3 bucket by its ARN',
    ],
    [
      'a destination by its URL',
      destination('https://sqs.us-east-1.amazonaws.com/1/q'),
      'destinationConfig',
      'must name an SQS queue, an SNS topic or an S3 bucket by its ARN',
    ],
    [
      'eleven filters',
      { filterCriteria: { filters: [...tenFilters, { pattern: '{}' }] } },
      'filterCriteria',
      'takes at most 10 filters',
    ],
  ])('refuses %s, and says what is allowed', (_name, change, setting, reason) => {
    expect(() => resolveSettings({ ...kinesisSettings, ...change })).toThrow(
      expect.objectContaining({
        name: 'SettingsError',
        code: 'invalid-mapping-setting',
        setting,
        message: `${setting} ${reason}`,
      }),
    );
  });

  const mayBeZero = [
    'backoffBaseMs',
    'backoffLimitMs',
    'windowQuietMs',
    'arrivalResolutionMs',
    'rememberedBatchesMax',
  ];
  it.each([
    ...mayBeZero.map((name) => [name, 0] as const),
    ...[
      'pollIntervalMs',
      'shardListIntervalMs',
      'readLimit',
      'bufferedRecordsMax',
      'bufferedBytesMax',
      'payloadBytesMax',
      'retentionSeconds',
      'windowStateBytesMax',
      'destinationAttemptsMax',
    ].map((name) => [name, 1] as const),
  ])('takes a %s of %i or more', (name, lowest) => {
    const resolve = (value: number): number =>
      resolveSettings({ ...kinesisSettings, behaviour: { [name]: value } }).behaviour[name as 'readLimit'];
    expect(resolve(lowest)).toBe(lowest);
    for (const value of [lowest - 1, lowest + 0.5, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(() => resolve(value)).toThrow(
        expect.objectContaining({
          setting: `behaviour.${name}`,
          message: `behaviour.${name} must be an integer from ${lowest} to ${Number.MAX_SAFE_INTEGER}`,
        }),
      );
    }
  });

  it('keeps a default where a parameter is present but undefined', () => {
    const behaviour = { backoffBaseMs: undefined } as unknown as { backoffBaseMs: number };
    expect(resolveSettings({ ...kinesisSettings, behaviour }).behaviour.backoffBaseMs).toBe(100);
  });

  it.each([
    ['arn:aws:sqs:us-east-1:123456789012:q', 'sqs'],
    ['arn:aws:sns:us-east-1:123456789012:t', 'sns'],
    ['arn:aws:s3:::bucket', 's3'],
  ])('knows the destination %s', (arn, kind) => {
    expect(resolveSettings({ ...kinesisSettings, ...destination(arn) }).destination).toEqual({ kind, arn });
  });
});

function destination(arn: string): Pick<MappingSettings, 'destinationConfig'> {
  return { destinationConfig: { onFailure: { destination: arn } } };
}

/** The buffer of a shard: so many records, and 12 MiB for each lane. */
function buffer(bufferedRecordsMax: number, lanes: number): Partial<ResolvedSettings> {
  return {
    behaviour: expect.objectContaining({ bufferedRecordsMax, bufferedBytesMax: lanes * 12_582_912 }),
  };
}
