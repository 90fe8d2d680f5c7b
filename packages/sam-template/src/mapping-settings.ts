import { z } from 'zod';
import type {
  MappingSettings,
  QueueMapping,
  QueueMappingSettings,
  QueueSource,
  StreamMapping,
  StreamSource,
} from './application.ts';
import { checkFilters } from './check-filters.ts';
import type { RawResource } from './raw-template.ts';
import { type ReadingContext, readProperties } from './resource-properties.ts';
import { flag, text, unlimitedOr, wholeNumber } from './shapes.ts';
import type { PropertySupports } from './support/property-support.ts';
import { TemplateError } from './template-error.ts';

const shared = {
  Enabled: flag.default(true),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: text })).default([]) }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  MaximumBatchingWindowInSeconds: wholeNumber(0, 300).default(0),
};

const streamSettings = z.object({
  ...shared,
  BatchSize: wholeNumber(1, 10_000).default(100),
  BisectBatchOnFunctionError: flag.default(false),
  DestinationConfig: z
    .object({ OnFailure: z.object({ Destination: text.optional() }).optional() })
    .optional(),
  MaximumRecordAgeInSeconds: unlimitedOr(60, 604_800).default(-1),
  MaximumRetryAttempts: wholeNumber(-1, 10_000).default(-1),
  ParallelizationFactor: wholeNumber(1, 10).default(1),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']),
  StartingPositionTimestamp: z.coerce.number().nonnegative().optional(),
  TumblingWindowInSeconds: wholeNumber(0, 900).default(0),
});

const queueSettings = z.object({
  ...shared,
  BatchSize: wholeNumber(1, 10_000).default(10),
  ScalingConfig: z.object({ MaximumConcurrency: wholeNumber(2, 1_000).optional() }).optional(),
});

const FIFO_BATCH_SIZE_MAX = 10;
const BATCH_SIZE_WITHOUT_WINDOW_MAX = 10;

/** What a mapping has beside its function. */
export type SourceWithSettings =
  | Pick<StreamMapping, 'source' | 'settings'>
  | Pick<QueueMapping, 'source' | 'settings'>;

/** Reads the settings of a mapping, which depend on its source. */
export function readSettings(
  options: {
    readonly properties: RawResource['properties'];
    /** Place of the properties. */
    readonly where: string;
    readonly source: StreamSource | QueueSource;
    readonly isFifo: boolean;
    readonly support: PropertySupports;
  },
  context: ReadingContext,
): SourceWithSettings {
  const { properties, where, source, isFifo, support } = options;
  if (source.kind === 'sqs') {
    const found = readProperties({ properties, where, support, schema: queueSettings }, context);
    return { source, settings: asQueueSettings(found, isFifo, where) };
  }
  const found = readProperties({ properties, where, support, schema: streamSettings }, context);
  return { source, settings: asStreamSettings(found, source.kind, where) };
}

/** Checks the settings of a mapping from a stream together, and gives them Lambda's names. */
function asStreamSettings(
  found: z.output<typeof streamSettings>,
  kind: 'kinesis' | 'dynamodb',
  where: string,
): MappingSettings {
  const { StartingPosition, StartingPositionTimestamp } = found;
  if ((StartingPosition === 'AT_TIMESTAMP') !== (StartingPositionTimestamp !== undefined)) {
    throw new TemplateError(
      `${where}.StartingPositionTimestamp`,
      'goes with the starting position AT_TIMESTAMP only',
    );
  }
  if (kind === 'dynamodb' && StartingPosition === 'AT_TIMESTAMP') {
    throw new TemplateError(`${where}.StartingPosition`, 'a DynamoDB stream has no position AT_TIMESTAMP');
  }
  if (found.TumblingWindowInSeconds > 0 && found.ParallelizationFactor > 1) {
    throw new TemplateError(`${where}.ParallelizationFactor`, 'must be 1 with a tumbling window');
  }
  const filters = asFilters(found);
  checkFilters(filters, kind, `${where}.FilterCriteria.Filters`);
  const destination = found.DestinationConfig?.OnFailure?.Destination;
  return {
    enabled: found.Enabled,
    batchSize: found.BatchSize,
    maximumBatchingWindowInSeconds: found.MaximumBatchingWindowInSeconds,
    parallelizationFactor: found.ParallelizationFactor,
    startingPosition: StartingPosition,
    ...(StartingPositionTimestamp !== undefined && { startingPositionTimestamp: StartingPositionTimestamp }),
    maximumRetryAttempts: found.MaximumRetryAttempts,
    maximumRecordAgeInSeconds: found.MaximumRecordAgeInSeconds,
    bisectBatchOnFunctionError: found.BisectBatchOnFunctionError,
    functionResponseTypes: found.FunctionResponseTypes,
    tumblingWindowInSeconds: found.TumblingWindowInSeconds,
    ...(filters.length > 0 && { filterCriteria: { filters } }),
    ...(destination !== undefined && { destinationConfig: { onFailure: { destination } } }),
  };
}

/** Checks the settings of a mapping from a queue together, and gives them Lambda's names. */
function asQueueSettings(
  found: z.output<typeof queueSettings>,
  isFifo: boolean,
  where: string,
): QueueMappingSettings {
  const { BatchSize, MaximumBatchingWindowInSeconds: window } = found;
  if (isFifo && BatchSize > FIFO_BATCH_SIZE_MAX) {
    throw new TemplateError(`${where}.BatchSize`, 'must be 1 to 10 for a FIFO queue');
  }
  if (isFifo && window > 0) {
    throw new TemplateError(`${where}.MaximumBatchingWindowInSeconds`, 'must be 0 for a FIFO queue');
  }
  if (BatchSize > BATCH_SIZE_WITHOUT_WINDOW_MAX && window === 0) {
    throw new TemplateError(
      `${where}.BatchSize`,
      'needs MaximumBatchingWindowInSeconds of at least 1 when it is above 10',
    );
  }
  const filters = asFilters(found);
  checkFilters(filters, 'sqs', `${where}.FilterCriteria.Filters`);
  const maximumConcurrency = found.ScalingConfig?.MaximumConcurrency;
  return {
    enabled: found.Enabled,
    batchSize: BatchSize,
    maximumBatchingWindowInSeconds: window,
    functionResponseTypes: found.FunctionResponseTypes,
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
    ...(filters.length > 0 && { filterCriteria: { filters } }),
  };
}

function asFilters({
  FilterCriteria,
}: Pick<z.output<typeof queueSettings>, 'FilterCriteria'>): { pattern: string }[] {
  return (FilterCriteria?.Filters ?? []).map(({ Pattern }) => ({ pattern: Pattern }));
}
