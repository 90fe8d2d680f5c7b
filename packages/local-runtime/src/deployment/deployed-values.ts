import type { DeployedValues } from '@oncefold/sam-template';
import type { Deployment } from './deploy.ts';
import type { EngineAccess } from './engine-access.ts';

/** What a template refers to and is known only now: the ARNs that events name, and the addresses of queues. */
export function deployedValues(
  { tables, queues }: Pick<Deployment, 'tables' | 'queues'>,
  access: Pick<EngineAccess, 'region' | 'accountId'>,
): DeployedValues {
  return {
    streamArns: new Map(
      [...tables].flatMap(([logicalId, { streamArn }]) =>
        streamArn === undefined ? [] : [[logicalId, asAwsArn(streamArn, access)]],
      ),
    ),
    queueUrls: new Map([...queues].map(([logicalId, { queueUrl }]) => [logicalId, queueUrl])),
  };
}

/** Local engines put a region and an account of their own into ARNs; functions see those that they run in. */
export function asAwsArn(arn: string, access: Pick<EngineAccess, 'region' | 'accountId'>): string {
  const [prefix = 'arn', partition = 'aws', service = '', , , ...resource] = arn.split(':');
  return [prefix, partition, service, access.region, access.accountId, ...resource].join(':');
}
