import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { QueueResource } from '@oncefold/sam-template';
import { DeployError } from './deploy-error.ts';

export interface DeployedQueue {
  readonly queueName: string;
  readonly queueUrl: string;
  readonly queueArn: string;
}

/** Creates a queue, without its redrive policy. */
export async function createQueue(
  resource: QueueResource,
  client: SQSClient,
  signal?: AbortSignal,
): Promise<DeployedQueue> {
  const { logicalId, queueName } = resource;
  const options = signal === undefined ? {} : { abortSignal: signal };
  if (await exists(queueName, client, options)) {
    throw new DeployError(`there is a queue ${queueName} already`, { code: 'exists', logicalId });
  }
  try {
    const { QueueUrl = '' } = await client.send(
      new CreateQueueCommand({ QueueName: queueName, Attributes: attributesOf(resource) }),
      options,
    );
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
      options,
    );
    return { queueName, queueUrl: QueueUrl, queueArn: Attributes.QueueArn ?? '' };
  } catch (cause) {
    throw new DeployError(`the engine refuses the queue ${queueName}`, { code: 'refused', logicalId, cause });
  }
}

/** Sets the redrive policy of a queue, once its dead-letter queue exists. */
export async function setRedrivePolicy(
  { queueUrl }: DeployedQueue,
  policy: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number },
  client: SQSClient,
): Promise<void> {
  await client.send(
    new SetQueueAttributesCommand({
      QueueUrl: queueUrl,
      Attributes: { RedrivePolicy: JSON.stringify(policy) },
    }),
  );
}

async function exists(
  QueueName: string,
  client: SQSClient,
  options: { readonly abortSignal?: AbortSignal },
): Promise<boolean> {
  try {
    await client.send(new GetQueueUrlCommand({ QueueName }), options);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'QueueDoesNotExist') {
      return false;
    }
    throw error;
  }
}

function attributesOf(resource: QueueResource): Record<string, string> {
  const { isFifo, contentBasedDeduplication, maximumMessageSize } = resource;
  return {
    VisibilityTimeout: String(resource.visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(resource.messageRetentionSeconds),
    DelaySeconds: String(resource.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(resource.receiveMessageWaitSeconds),
    ...(maximumMessageSize !== undefined && { MaximumMessageSize: String(maximumMessageSize) }),
    ...(isFifo && { FifoQueue: 'true', ContentBasedDeduplication: String(contentBasedDeduplication) }),
  };
}
