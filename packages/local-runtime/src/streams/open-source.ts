import type { LocalClients } from '@oncefold/engines';
import type { MappingSettings } from '@oncefold/event-source-mapping';
import type { MappingResource } from '@oncefold/sam-template';
import type { EngineAccess, PollingOptions, StartApplicationOptions } from '../running-application.ts';
import { createDynamoDbSource } from './dynamodb-source.ts';
import { createKinesisSource } from './kinesis-source.ts';
import type { StreamSource } from './stream-source.ts';

/** A tumbling window whose stream has gone quiet ends after so long; Lambda takes up to two minutes. */
const WINDOW_QUIET_MS = 1_000;
/** DynamoDB Local cuts the times of stream records to the minute; no record may be too old because of that. */
const DYNAMODB_ARRIVAL_RESOLUTION_MS = 60_000;

/**
 * Finds the stream of a mapping.
 *
 * @param clients - clients of the mapping's own
 * @returns the stream, and its ARN as functions are to see it
 */
export function openSource(
  { logicalId, source }: MappingResource,
  { deployment, access }: StartApplicationOptions,
  clients: LocalClients,
): { stream: StreamSource; arn: string } {
  if (source.kind === 'kinesis') {
    const deployed = deployment.streams.get(source.logicalId);
    if (deployed === undefined) {
      throw new Error(`${logicalId} reads a stream that was not deployed`);
    }
    const { streamName, streamArn } = deployed;
    return {
      stream: createKinesisSource({ client: clients.kinesis, streamName }),
      arn: asAwsArn(streamArn, access),
    };
  }
  const streamArn = deployment.tables.get(source.logicalId)?.streamArn;
  if (streamArn === undefined) {
    throw new Error(`${logicalId} reads a table that has no stream`);
  }
  return {
    stream: createDynamoDbSource({ client: clients.dynamodbStreams, streamArn }),
    arn: asAwsArn(streamArn, access),
  };
}

/** Local engines put a region and an account of their own into ARNs; functions see those that they run in. */
function asAwsArn(arn: string, access: EngineAccess): string {
  const [prefix = 'arn', partition = 'aws', service = '', , , ...resource] = arn.split(':');
  return [prefix, partition, service, access.region, access.accountId, ...resource].join(':');
}

/** Translates the template's settings of a mapping for its machine. */
export function settingsOf(
  { source, settings }: MappingResource,
  arn: string,
  target: string,
  access: EngineAccess,
  polling: PollingOptions,
  rememberedBatchesMax: number,
): MappingSettings {
  const { enabled: _, ...lambdaSettings } = settings;
  return {
    ...lambdaSettings,
    functionArn: target,
    source: {
      kind: source.kind,
      arn,
      region: access.region,
      invokeIdentityArn: `arn:aws:iam::${access.accountId}:role/local`,
    },
    behaviour: {
      pollIntervalMs: polling.busyMs,
      windowQuietMs: WINDOW_QUIET_MS,
      rememberedBatchesMax,
      arrivalResolutionMs: source.kind === 'dynamodb' ? DYNAMODB_ARRIVAL_RESOLUTION_MS : 0,
    },
  };
}
