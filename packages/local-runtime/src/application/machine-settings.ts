import type { MappingSettings } from '@oncefold/event-source-mapping';
import type { StreamMapping } from '@oncefold/sam-template';
import type { EngineAccess } from '../deployment/engine-access.ts';
import type { PollingOptions } from '../streams/shard-pace.ts';

/** Shards of a split or merge are found within so long; whoever asks whether an application is idle has them listed at once. */
const SHARD_LIST_INTERVAL_MS = 1_000;
/** A tumbling window whose stream has gone quiet ends after so long; Lambda takes up to two minutes. */
const WINDOW_QUIET_MS = 1_000;
/** DynamoDB Local cuts the times of stream records to the minute; no record may be too old because of that. */
const DYNAMODB_ARRIVAL_RESOLUTION_MS = 60_000;
/** Batches per shard that are kept for late retries. */
const REMEMBERED_BATCHES_MAX = 20;

export function machineSettings({
  mapping,
  sourceArn,
  functionArn,
  access,
  polling,
  hasLateRetries,
}: {
  readonly mapping: StreamMapping;
  readonly sourceArn: string;
  readonly functionArn: string;
  readonly access: EngineAccess;
  readonly polling: PollingOptions;
  readonly hasLateRetries: boolean;
}): MappingSettings {
  const { enabled: _, ...lambdaSettings } = mapping.settings;
  const { kind } = mapping.source;
  const { startingPositionTimestamp = 0 } = lambdaSettings;
  if (startingPositionTimestamp * 1_000 > Date.now()) {
    throw new Error(
      `${mapping.logicalId} begins at a StartingPositionTimestamp in the future (${startingPositionTimestamp}), which Lambda refuses; give a time that has passed, in seconds since the epoch`,
    );
  }
  return {
    ...lambdaSettings,
    functionArn,
    source: {
      kind,
      arn: sourceArn,
      region: access.region,
      invokeIdentityArn: `arn:aws:iam::${access.accountId}:role/local`,
    },
    behaviour: {
      pollIntervalMs: polling.busyMs,
      shardListIntervalMs: SHARD_LIST_INTERVAL_MS,
      windowQuietMs: WINDOW_QUIET_MS,
      rememberedBatchesMax: hasLateRetries ? REMEMBERED_BATCHES_MAX : 0,
      arrivalResolutionMs: kind === 'dynamodb' ? DYNAMODB_ARRIVAL_RESOLUTION_MS : 0,
    },
  };
}
