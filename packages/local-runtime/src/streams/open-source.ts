import type { LocalClients } from '@oncefold/engines';
import type { StreamMapping } from '@oncefold/sam-template';
import type { Deployment } from '../deployment/deploy.ts';
import type { EngineAccess } from '../deployment/engine-access.ts';
import { createDynamoDbSource } from './dynamodb-source.ts';
import { createKinesisSource } from './kinesis-source.ts';
import type { StreamSource } from './stream-source.ts';

/** Finds the stream of a mapping. */
export function openSource(
  { logicalId, source }: StreamMapping,
  { deployment, access }: { readonly deployment: Deployment; readonly access: EngineAccess },
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
