import { z } from 'zod';
import type { StreamResource } from './application.ts';
import type { RawResource } from './raw-template.ts';
import { type ReadingContext, readProperties } from './resource-properties.ts';
import { wholeNumber } from './shapes.ts';
import { STREAM } from './support/stream-properties.ts';
import { TemplateError } from './template-error.ts';

const SHARDS_MAX = 10_000;

const properties = z.object({
  ShardCount: wholeNumber(1, SHARDS_MAX).optional(),
  RetentionPeriodHours: wholeNumber(24, 8_760).default(24),
  StreamModeDetails: z
    .object({ StreamMode: z.enum(['ON_DEMAND', 'PROVISIONED']) })
    .default({ StreamMode: 'PROVISIONED' }),
});

const NAME = /^[a-zA-Z0-9_.-]{1,128}$/;

/** Reads a Kinesis stream. */
export function readStream(
  logicalId: string,
  resource: RawResource,
  onDemandShardCount: number,
  context: ReadingContext,
): StreamResource {
  const where = `Resources.${logicalId}.Properties`;
  const { ShardCount, RetentionPeriodHours, StreamModeDetails } = readProperties(
    { properties: resource.properties, where, support: STREAM, schema: properties },
    context,
  );
  const isOnDemand = StreamModeDetails.StreamMode === 'ON_DEMAND';
  if (isOnDemand === (ShardCount !== undefined)) {
    throw new TemplateError(
      `${where}.ShardCount`,
      'is needed in provisioned mode and refused in on-demand mode',
    );
  }
  const streamName = context.nameOf(logicalId);
  if (!NAME.test(streamName)) {
    throw new TemplateError(`${where}.Name`, `${streamName} is no name that Kinesis takes`);
  }
  return {
    logicalId,
    streamName,
    shardCount: ShardCount ?? onDemandShardCount,
    retentionHours: RetentionPeriodHours,
  };
}
