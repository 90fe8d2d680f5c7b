import type { StreamMapping } from '@oncefold/sam-template';
import type { Deployment } from '../deployment/deploy.ts';
import { asAwsArn } from '../deployment/deployed-values.ts';
import type { EngineAccess } from '../deployment/engine-access.ts';
import { createDynamoDbSource } from './dynamodb-source.ts';
import { createKinesisSource } from './kinesis-source.ts';
import { createStreamRequests, type StreamRequests } from './stream-requests.ts';
import type { StreamSource } from './stream-source.ts';

/** Finds the stream of a mapping; its requests share no connection with those of others. */
export function openSource(
  { logicalId, source }: StreamMapping,
  { deployment, access }: { readonly deployment: Deployment; readonly access: EngineAccess },
): { stream: StreamSource; arn: string; requests: StreamRequests } {
  const signing = { region: access.region, accessKeyId: access.credentials.accessKeyId };
  if (source.kind === 'kinesis') {
    const deployed = deployment.streams.get(source.logicalId);
    if (deployed === undefined) {
      throw new Error(`${logicalId} reads a stream that was not deployed`);
    }
    const { streamName, streamArn } = deployed;
    const requests = createStreamRequests({ ...signing, service: 'kinesis', endpoint: access.kinesis });
    return {
      stream: createKinesisSource({ requests, streamName }),
      arn: source.consumerArn ?? asAwsArn(streamArn, access),
      requests,
    };
  }
  const streamArn = deployment.tables.get(source.logicalId)?.streamArn;
  if (streamArn === undefined) {
    throw new Error(`${logicalId} reads a table that has no stream`);
  }
  const requests = createStreamRequests({
    ...signing,
    service: 'dynamodb-streams',
    endpoint: access.dynamodb,
  });
  return {
    stream: createDynamoDbSource({ requests, streamArn }),
    arn: asAwsArn(streamArn, access),
    requests,
  };
}
