import { describe, expect, it } from 'vitest';
import { kinesisSettings } from '../test/virtual-driver.ts';
import { resolveSettings } from './settings.ts';
import { SettingsError } from './settings-error.ts';
import type { MappingSettings } from './settings-types.ts';

describe('resolveSettings', () => {
  it('has the defaults of the API', () => {
    expect(resolveSettings(kinesisSettings)).toMatchObject({
      batchSize: 100,
      batchingWindowMs: 0,
      retryAttemptsMax: Number.POSITIVE_INFINITY,
      recordAgeMsMax: 86_400_000,
      isBisecting: false,
      isReportingItemFailures: false,
      parallelizationFactor: 1,
      windowMs: 0,
      destination: undefined,
      behaviour: { pollIntervalMs: 1_000, payloadBytesMax: 6_291_456, windowQuietMs: 120_000 },
    });
    const table = { ...kinesisSettings, source: { ...kinesisSettings.source, kind: 'dynamodb' as const } };
    expect(resolveSettings(table).behaviour).toMatchObject({ pollIntervalMs: 250, readLimit: 1_000 });
  });

  it.each<[string, Partial<MappingSettings>, string]>([
    ['no records', { batchSize: 0 }, 'batchSize'],
    ['too many records', { batchSize: 10_001 }, 'batchSize'],
    ['half a record', { batchSize: 1.5 }, 'batchSize'],
    ['a long batching window', { maximumBatchingWindowInSeconds: 301 }, 'maximumBatchingWindowInSeconds'],
    ['too many retries', { maximumRetryAttempts: 10_001 }, 'maximumRetryAttempts'],
    ['retries below -1', { maximumRetryAttempts: -2 }, 'maximumRetryAttempts'],
    ['an age below a minute', { maximumRecordAgeInSeconds: 59 }, 'maximumRecordAgeInSeconds'],
    ['an age above a week', { maximumRecordAgeInSeconds: 604_801 }, 'maximumRecordAgeInSeconds'],
    ['eleven lanes', { parallelizationFactor: 11 }, 'parallelizationFactor'],
    ['a long tumbling window', { tumblingWindowInSeconds: 901 }, 'tumblingWindowInSeconds'],
    [
      'lanes with a tumbling window',
      { tumblingWindowInSeconds: 1, parallelizationFactor: 2 },
      'parallelizationFactor',
    ],
    ['a time without AT_TIMESTAMP', { startingPositionTimestamp: 1 }, 'startingPositionTimestamp'],
    ['AT_TIMESTAMP without a time', { startingPosition: 'AT_TIMESTAMP' }, 'startingPositionTimestamp'],
    [
      'a destination of another service',
      destination('arn:aws:lambda:us-east-1:1:function:f'),
      'destinationConfig',
    ],
    ['eleven filters', { filterCriteria: { filters: Array(11).fill({ pattern: '{}' }) } }, 'filterCriteria'],
    ['a behaviour out of range', { behaviour: { pollIntervalMs: 0 } }, 'behaviour.pollIntervalMs'],
  ])('refuses %s, by name', (_name, change, setting) => {
    expect(() => resolveSettings({ ...kinesisSettings, ...change })).toThrow(
      expect.objectContaining({ name: 'SettingsError', code: 'invalid-mapping-setting', setting }),
    );
  });

  it('refuses AT_TIMESTAMP for a DynamoDB stream', () => {
    const source = { ...kinesisSettings.source, kind: 'dynamodb' as const };
    const settings = {
      ...kinesisSettings,
      source,
      startingPosition: 'AT_TIMESTAMP' as const,
      startingPositionTimestamp: 1,
    };
    expect(() => resolveSettings(settings)).toThrow(SettingsError);
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
