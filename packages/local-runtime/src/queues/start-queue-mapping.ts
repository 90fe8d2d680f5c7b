import type { SQSClient } from '@aws-sdk/client-sqs';
import type { QueueMapping } from '@oncefold/sam-template';
import type { RunApplicationOptions } from '../application/running-application.ts';
import { DeployError } from '../deployment/deploy-error.ts';
import { asAwsArn } from '../deployment/deployed-values.ts';
import type { Invocation, InvocationResult } from '../functions/invocation.ts';
import type { MappingEvent } from '../streams/mapping-event.ts';
import { createQueueApi } from './queue-api.ts';
import { type QueueDriver, startQueueDriver } from './queue-driver.ts';

/**
 * Starts to feed a function from a queue of the application.
 *
 * @throws {@link DeployError} when Lambda would refuse the mapping because the function may run longer than its messages stay invisible
 */
export function startQueueMapping(
  mapping: QueueMapping,
  { application, deployment, access, faults }: RunApplicationOptions,
  context: {
    readonly client: SQSClient | undefined;
    readonly functionConcurrency: number;
    readonly invoke: (invocation: Invocation) => Promise<InvocationResult>;
    readonly onEvent: (event: MappingEvent) => void;
    readonly onFailed: (error: Error) => void;
  },
): QueueDriver {
  const { logicalId, functionLogicalId: functionId, source, settings } = mapping;
  const { client, ...driven } = context;
  const resource = application.queues.find((each) => each.logicalId === source.logicalId);
  const deployed = deployment.queues.get(source.logicalId);
  if (resource === undefined || deployed === undefined || client === undefined) {
    throw new DeployError('its queue does not exist', { code: 'refused', logicalId });
  }
  const { visibilityTimeoutSeconds, isFifo } = resource;
  const { timeoutSeconds = 0 } = application.functions.find((each) => each.logicalId === functionId) ?? {};
  if (visibilityTimeoutSeconds < timeoutSeconds) {
    throw new DeployError(
      `the visibility timeout of ${source.logicalId} (${visibilityTimeoutSeconds} s) is less than the timeout of ${functionId} ` +
        `(${timeoutSeconds} s), which Lambda refuses; set VisibilityTimeout of the queue`,
      { code: 'refused', logicalId },
    );
  }
  return startQueueDriver({
    mappingId: logicalId,
    functionId,
    queue: createQueueApi(client, deployed.queueUrl),
    queueName: deployed.queueName,
    queueArn: asAwsArn(deployed.queueArn, access),
    region: access.region,
    isFifo,
    visibilityTimeoutMs: visibilityTimeoutSeconds * 1_000,
    settings,
    faults,
    ...driven,
  });
}
