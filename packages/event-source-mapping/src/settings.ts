import { SettingsError } from './settings-error.ts';
import type { FilterPattern, MappingSettings, MappingSource, ServiceBehaviour } from './settings-types.ts';
import type { DeliverCommand, ReadPosition } from './types.ts';

/** Settings with every default filled in and every range checked. */
export interface ResolvedSettings {
  readonly source: MappingSource;
  readonly functionArn: string;
  readonly mappingId: string | undefined;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly startingPosition: ReadPosition;
  /** Infinity for -1. */
  readonly retryAttemptsMax: number;
  readonly recordAgeMsMax: number;
  readonly isBisecting: boolean;
  readonly isReportingItemFailures: boolean;
  readonly parallelizationFactor: number;
  /** 0 for none. */
  readonly windowMs: number;
  readonly filters: readonly FilterPattern[];
  readonly destination: DeliverCommand['destination'] | undefined;
  readonly behaviour: ServiceBehaviour;
}

/**
 * Fills in defaults and checks ranges as the CreateEventSourceMapping API does.
 *
 * @param settings - as given by a template
 * @returns what the machine works with
 * @throws {@link SettingsError} naming the setting that is missing, out of range or in conflict with another
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function resolveSettings(settings: MappingSettings): ResolvedSettings {
  const batchSize = integer('batchSize', settings.batchSize ?? 100, 1, 10_000);
  const window = integer(
    'maximumBatchingWindowInSeconds',
    settings.maximumBatchingWindowInSeconds ?? 0,
    0,
    300,
  );
  const retries = integer('maximumRetryAttempts', settings.maximumRetryAttempts ?? -1, -1, 10_000);
  const age = integer('maximumRecordAgeInSeconds', settings.maximumRecordAgeInSeconds ?? -1, -1, 604_800);
  const factor = integer('parallelizationFactor', settings.parallelizationFactor ?? 1, 1, 10);
  const tumbling = integer('tumblingWindowInSeconds', settings.tumblingWindowInSeconds ?? 0, 0, 900);
  const filters = settings.filterCriteria?.filters ?? [];
  if (age !== -1 && age < 60) {
    throw new SettingsError('maximumRecordAgeInSeconds', 'must be -1 or at least 60');
  }
  if (tumbling > 0 && factor > 1) {
    throw new SettingsError('parallelizationFactor', 'must be 1 with a tumbling window');
  }
  if (filters.length > 10) {
    throw new SettingsError('filterCriteria', 'takes at most 10 filters');
  }
  const behaviour = resolveBehaviour(settings, batchSize * factor);
  return {
    source: settings.source,
    functionArn: settings.functionArn,
    mappingId: settings.mappingId,
    batchSize,
    batchingWindowMs: window * 1000,
    startingPosition: startingPosition(settings),
    retryAttemptsMax: retries === -1 ? Number.POSITIVE_INFINITY : retries,
    recordAgeMsMax:
      1000 * (age === -1 ? behaviour.retentionSeconds : Math.min(age, behaviour.retentionSeconds)),
    isBisecting: settings.bisectBatchOnFunctionError ?? false,
    isReportingItemFailures: settings.functionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    parallelizationFactor: factor,
    windowMs: tumbling * 1000,
    filters,
    destination: destination(settings.destinationConfig?.onFailure?.destination),
    behaviour,
  };
}

function resolveBehaviour(settings: MappingSettings, recordsInFlight: number): ServiceBehaviour {
  const isKinesis = settings.source.kind === 'kinesis';
  const readLimit = settings.behaviour?.readLimit ?? (isKinesis ? 10_000 : 1_000);
  const behaviour: ServiceBehaviour = {
    pollIntervalMs: isKinesis ? 1_000 : 250,
    shardListIntervalMs: 10_000,
    readLimit,
    bufferedRecordsMax: Math.max(2 * recordsInFlight, readLimit),
    bufferedBytesMax: 12 * 1024 * 1024 * (settings.parallelizationFactor ?? 1),
    payloadBytesMax: 6 * 1024 * 1024,
    backoffBaseMs: 100,
    backoffLimitMs: 5_000,
    retentionSeconds: 86_400,
    windowQuietMs: 120_000,
    windowStateBytesMax: 1024 * 1024,
    finalInvocation: 'without-records',
    retryGrouping: 'same',
    retriesAfterProgress: 'continue',
    unknownItemIdentifier: 'whole-batch',
    malformedResponse: 'failure',
    reportAtFirstRecord: 'halve',
    arrivalResolutionMs: 0,
    destinationAttemptsMax: 3,
    rememberedBatchesMax: 0,
    ...withoutUndefined(settings.behaviour ?? {}),
  };
  for (const [name, value] of Object.entries(behaviour)) {
    const lowest = mayBeZero.has(name) ? 0 : 1;
    if (typeof value === 'number') {
      integer(`behaviour.${name}`, value, lowest, Number.MAX_SAFE_INTEGER);
    }
  }
  return behaviour;
}

const mayBeZero: ReadonlySet<string> = new Set([
  'backoffBaseMs',
  'backoffLimitMs',
  'windowQuietMs',
  'arrivalResolutionMs',
  'rememberedBatchesMax',
]);

function startingPosition(settings: MappingSettings): ReadPosition {
  const timestampSeconds = settings.startingPositionTimestamp;
  if (settings.startingPosition === 'AT_TIMESTAMP') {
    if (settings.source.kind !== 'kinesis') {
      throw new SettingsError('startingPosition', 'AT_TIMESTAMP is not available for DynamoDB streams');
    }
    if (timestampSeconds === undefined || !Number.isFinite(timestampSeconds)) {
      throw new SettingsError('startingPositionTimestamp', 'is needed with AT_TIMESTAMP');
    }
    return { kind: 'at-timestamp', timestampSeconds };
  }
  if (timestampSeconds !== undefined) {
    throw new SettingsError('startingPositionTimestamp', 'goes with AT_TIMESTAMP only');
  }
  if (settings.startingPosition === 'LATEST') {
    return { kind: 'latest' };
  }
  if (settings.startingPosition === 'TRIM_HORIZON') {
    return { kind: 'trim-horizon' };
  }
  throw new SettingsError('startingPosition', 'must be TRIM_HORIZON, LATEST or AT_TIMESTAMP');
}

function destination(arn: string | undefined): DeliverCommand['destination'] | undefined {
  if (arn === undefined) {
    return undefined;
  }
  const service = arn.split(':')[2];
  if (service === 'sqs' || service === 'sns' || service === 's3') {
    return { kind: service, arn };
  }
  throw new SettingsError(
    'destinationConfig',
    'must name an SQS queue, an SNS topic or an S3 bucket by its ARN',
  );
}

function integer(setting: string, value: number, lowest: number, highest: number): number {
  if (Number.isInteger(value) && value >= lowest && value <= highest) {
    return value;
  }
  throw new SettingsError(setting, `must be an integer from ${lowest} to ${highest}`);
}

/** A key that is present but undefined must not hide a default. */
function withoutUndefined(values: Partial<ServiceBehaviour>): Partial<ServiceBehaviour> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
