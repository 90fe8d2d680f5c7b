import type { SQSClient } from '@aws-sdk/client-sqs';
import type { QueueResource } from '@oncefold/sam-template';
import { createQueue, type DeployedQueue, setRedrivePolicy } from './create-queue.ts';
import { DeployError } from './deploy-error.ts';

/**
 * Creates queues, then their redrive policies: a dead-letter queue may come after the queue that names it.
 *
 * The template's ARN of a dead-letter queue becomes that of the engine, whose account may be another one.
 *
 * @returns the queues by logical id
 */
export async function createQueues(
  resources: readonly QueueResource[],
  client: SQSClient | undefined,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, DeployedQueue>> {
  const queues = new Map<string, DeployedQueue>();
  const [first] = resources;
  if (first === undefined) {
    return queues;
  }
  if (client === undefined) {
    throw new DeployError('there is no SQS to create it on', { code: 'refused', logicalId: first.logicalId });
  }
  for (const resource of resources) {
    queues.set(resource.logicalId, await createQueue(resource, client, signal));
  }
  for (const { logicalId, redrivePolicy } of resources) {
    const queue = queues.get(logicalId);
    if (queue === undefined || redrivePolicy === undefined) {
      continue;
    }
    const { deadLetterTargetArn, maxReceiveCount } = redrivePolicy;
    const target = queueOfArn(queues.values(), deadLetterTargetArn);
    if (target === undefined) {
      throw new DeployError(`its dead-letter queue ${deadLetterTargetArn} is not in this template`, {
        code: 'refused',
        logicalId,
      });
    }
    await setRedrivePolicy(queue, { deadLetterTargetArn: target.queueArn, maxReceiveCount }, client);
  }
  return queues;
}

/** The queue that an ARN of the template names, whatever the account. */
export function queueOfArn(queues: Iterable<DeployedQueue>, arn: string): DeployedQueue | undefined {
  return [...queues].find(({ queueName }) => arn.startsWith('arn:') && arn.split(':').at(-1) === queueName);
}
