import { type Message, ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { createLocalClients } from '@oncefold/engines';
import type { QueueMappingSettings, QueueResource } from '@oncefold/sam-template';
import type { RunApplicationOptions } from '../src/application/running-application.ts';
import { deploy } from '../src/deployment/deploy.ts';
import { type RunningFunction, runOneFunction } from './run-one-function.ts';

/** An application of one function that is fed from a queue, whose dead letters stay in another. */
export interface QueueApplication extends RunningFunction {
  /** Sends bodies in their order; to a FIFO queue in the group that their first letter names. */
  send(...bodies: string[]): Promise<void>;
  /** Takes messages out of the dead-letter queue. */
  receiveDeadLetters(): Promise<readonly Message[]>;
}

const QUEUE_MAPPING_DEFAULTS: QueueMappingSettings = {
  enabled: true,
  batchSize: 10,
  maximumBatchingWindowInSeconds: 0,
  functionResponseTypes: [],
};

const TIMEOUT_SECONDS = 2;

export async function runQueueApplication(options: {
  readonly endpoints: { readonly dynamodb: string; readonly kinesis: string; readonly sqs: string };
  readonly credentials: RunApplicationOptions['access']['credentials'];
  readonly handler: string;
  readonly isFifo?: boolean;
  readonly queue?: Partial<QueueResource>;
  readonly maxReceiveCount?: number;
  readonly settings?: Partial<QueueMappingSettings>;
  readonly sentBefore?: readonly string[];
  readonly more?: Partial<RunApplicationOptions>;
}): Promise<QueueApplication> {
  const { endpoints, credentials, isFifo = false, maxReceiveCount = 2, sentBefore = [] } = options;
  const clients = createLocalClients({
    dynamodbEndpoint: endpoints.dynamodb,
    kinesisEndpoint: endpoints.kinesis,
    sqsEndpoint: endpoints.sqs,
    credentials,
  });
  const ending = `${crypto.randomUUID()}${isFifo ? '.fifo' : ''}`;
  const shared = {
    isFifo,
    contentBasedDeduplication: isFifo,
    visibilityTimeoutSeconds: TIMEOUT_SECONDS,
    messageRetentionSeconds: 345_600,
    delaySeconds: 0,
    receiveMessageWaitSeconds: 0,
  };
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:123456789012:letters-${ending}`;
  const queues: QueueResource[] = [
    {
      ...shared,
      logicalId: 'Jobs',
      queueName: `jobs-${ending}`,
      redrivePolicy: { deadLetterTargetArn, maxReceiveCount },
      ...options.queue,
    },
    { ...shared, logicalId: 'DeadLetters', queueName: `letters-${ending}` },
  ];
  const deployment = await deploy({ tables: [], streams: [], queues }, clients);
  const urlOf = (logicalId: string): string => deployment.queues.get(logicalId)?.queueUrl ?? '';

  async function send(...bodies: string[]): Promise<void> {
    for (let from = 0; from < bodies.length; from += 10) {
      const Entries = bodies.slice(from, from + 10).map((MessageBody, index) => ({
        Id: String(index),
        MessageBody,
        ...(isFifo && { MessageGroupId: MessageBody.slice(0, 1) }),
      }));
      await clients.sqs?.send(new SendMessageBatchCommand({ QueueUrl: urlOf('Jobs'), Entries }));
    }
  }

  await send(...sentBefore);
  const started = await runOneFunction({
    resource: {
      logicalId: 'Worker',
      functionName: 'worker',
      handler: options.handler,
      timeoutSeconds: TIMEOUT_SECONDS,
    },
    mapping: {
      source: { kind: 'sqs', logicalId: 'Jobs' },
      settings: { ...QUEUE_MAPPING_DEFAULTS, ...options.settings },
    },
    queues,
    deployment,
    endpoints,
    credentials,
    more: options.more,
  });
  return {
    ...started,
    send,
    async receiveDeadLetters() {
      const answer = await clients.sqs?.send(
        new ReceiveMessageCommand({ QueueUrl: urlOf('DeadLetters'), MaxNumberOfMessages: 10 }),
      );
      return answer?.Messages ?? [];
    },
  };
}
