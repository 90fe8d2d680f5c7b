import { z } from 'zod';
import type { MappingResource, MappingSettings, MappingSource } from './application.ts';
import { checkShape, type RawResource } from './raw-template.ts';
import { type PropertyRules, type ReadingContext, readProperties } from './resource-properties.ts';
import { flag, text, unlimitedOr, wholeNumber } from './shapes.ts';
import { TemplateError } from './template-error.ts';

/** The functions and streams that a mapping may connect, by the names that a template may use for them. */
export interface MappingEnds {
  /** Logical ids of functions by name and by ARN. */
  readonly functions: ReadonlyMap<string, string>;
  /** Streams by ARN. */
  readonly sources: ReadonlyMap<string, MappingSource>;
}

const SETTINGS = {
  BatchSize: wholeNumber(1, 10_000).default(100),
  BisectBatchOnFunctionError: flag.default(false),
  DestinationConfig: z
    .object({ OnFailure: z.object({ Destination: text.optional() }).optional() })
    .optional(),
  Enabled: flag.default(true),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: text })).default([]) }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  MaximumBatchingWindowInSeconds: wholeNumber(0, 300).default(0),
  MaximumRecordAgeInSeconds: unlimitedOr(60, 604_800).default(-1),
  MaximumRetryAttempts: wholeNumber(-1, 10_000).default(-1),
  ParallelizationFactor: wholeNumber(1, 10).default(1),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']),
  StartingPositionTimestamp: z.coerce.number().nonnegative().optional(),
  TumblingWindowInSeconds: wholeNumber(0, 900).default(0),
};

const eventProperties = z.object({ Stream: text.optional(), ...SETTINGS });
const mappingProperties = z.object({
  EventSourceArn: text.optional(),
  FunctionName: text.optional(),
  ...SETTINGS,
});
const WITHOUT_LOCAL_MEANING = ['KmsKeyArn', 'MetricsConfig', 'Tags'];

const EVENT_RULES: PropertyRules<typeof eventProperties> = {
  schema: eventProperties,
  read: Object.keys(eventProperties.shape),
  withoutLocalMeaning: WITHOUT_LOCAL_MEANING,
};

const MAPPING_RULES: PropertyRules<typeof mappingProperties> = {
  schema: mappingProperties,
  read: Object.keys(mappingProperties.shape),
  withoutLocalMeaning: WITHOUT_LOCAL_MEANING,
};

const eventShape = z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).nullish() });

/** Reads the mappings that a SAM function has under `Events`. */
export function readEvents(
  logicalId: string,
  resource: RawResource,
  ends: MappingEnds,
  context: ReadingContext,
): MappingResource[] {
  const where = `Resources.${logicalId}.Properties.Events`;
  const events = checkShape(z.record(z.string(), eventShape).nullish(), resource.properties['Events'], where);
  return Object.entries(events ?? {}).flatMap(([name, event]) => {
    if (event.Type !== 'Kinesis' && event.Type !== 'DynamoDB') {
      context.report(logicalId, `the event ${name} of type ${event.Type} is not emulated`);
      return [];
    }
    const place = `${where}.${name}.Properties`;
    const found = readProperties(
      { properties: event.Properties ?? {}, logicalId, where: place, rules: EVENT_RULES },
      context,
    );
    const source = found.Stream === undefined ? undefined : ends.sources.get(found.Stream);
    if (source === undefined) {
      context.report(
        logicalId,
        `the stream of the event ${name} (${found.Stream ?? 'unknown'}) is not in this template`,
      );
      return [];
    }
    if (source.kind !== event.Type.toLowerCase()) {
      throw new TemplateError(`${place}.Stream`, `is no stream for an event of type ${event.Type}`);
    }
    return [
      {
        logicalId: `${logicalId}${name}`,
        functionLogicalId: logicalId,
        source,
        settings: asSettings(found, place),
      },
    ];
  });
}

/** Reads an `AWS::Lambda::EventSourceMapping`. */
export function readMapping(
  logicalId: string,
  resource: RawResource,
  ends: MappingEnds,
  context: ReadingContext,
): MappingResource | undefined {
  const where = `Resources.${logicalId}.Properties`;
  const source = context.resolver.resolve(resource.properties['EventSourceArn'], logicalId);
  const known = typeof source === 'string' ? ends.sources.get(source) : undefined;
  if (known === undefined) {
    // Mappings of queues and brokers have settings of their own, which are not checked here.
    context.report(logicalId, 'the source of the mapping is no stream in this template');
    return undefined;
  }
  const found = readProperties(
    { properties: resource.properties, logicalId, where, rules: MAPPING_RULES },
    context,
  );
  const functionLogicalId = ends.functions.get(found.FunctionName ?? '');
  if (functionLogicalId === undefined) {
    context.report(
      logicalId,
      `the function of the mapping (${found.FunctionName ?? 'unknown'}) cannot run here`,
    );
    return undefined;
  }
  return { logicalId, functionLogicalId, source: known, settings: asSettings(found, where) };
}

function asSettings(found: z.output<typeof eventProperties>, where: string): MappingSettings {
  const { StartingPosition, StartingPositionTimestamp, FilterCriteria, DestinationConfig } = found;
  if ((StartingPosition === 'AT_TIMESTAMP') !== (StartingPositionTimestamp !== undefined)) {
    throw new TemplateError(
      `${where}.StartingPositionTimestamp`,
      'goes with the starting position AT_TIMESTAMP only',
    );
  }
  if (found.TumblingWindowInSeconds > 0 && found.ParallelizationFactor > 1) {
    throw new TemplateError(`${where}.ParallelizationFactor`, 'must be 1 with a tumbling window');
  }
  const filters = FilterCriteria?.Filters ?? [];
  const destination = DestinationConfig?.OnFailure?.Destination;
  return {
    enabled: found.Enabled,
    batchSize: found.BatchSize,
    maximumBatchingWindowInSeconds: found.MaximumBatchingWindowInSeconds,
    parallelizationFactor: found.ParallelizationFactor,
    startingPosition: StartingPosition,
    ...(StartingPositionTimestamp === undefined
      ? {}
      : { startingPositionTimestamp: StartingPositionTimestamp }),
    maximumRetryAttempts: found.MaximumRetryAttempts,
    maximumRecordAgeInSeconds: found.MaximumRecordAgeInSeconds,
    bisectBatchOnFunctionError: found.BisectBatchOnFunctionError,
    functionResponseTypes: found.FunctionResponseTypes,
    tumblingWindowInSeconds: found.TumblingWindowInSeconds,
    ...(filters.length === 0
      ? {}
      : { filterCriteria: { filters: filters.map(({ Pattern }) => ({ pattern: Pattern })) } }),
    ...(destination === undefined ? {} : { destinationConfig: { onFailure: { destination } } }),
  };
}
