import type { LocalClients } from '@oncefold/engines';
import type { StreamMapping } from '@oncefold/sam-template';
import type { Deployment } from '../deployment/deploy.ts';
import { asAwsArn } from '../deployment/deployed-values.ts';
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
      arn: source.consumerArn ?? asAwsArn(streamArn, access),
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
