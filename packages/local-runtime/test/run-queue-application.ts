import { fileURLToPath } from 'node:url';
import { type Message, ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { createLocalClients, LOCAL_REGION } from '@oncefold/engines';
import type { QueueMappingSettings, QueueResource } from '@oncefold/sam-template';
import { runApplication } from '../src/application/run-application.ts';
import type { RunApplicationOptions, RunningApplication } from '../src/application/running-application.ts';
import type { RuntimeEvent } from '../src/application/runtime-event.ts';
import { deploy } from '../src/deployment/deploy.ts';
import { FUNCTION_DEFAULTS } from './lambda-defaults.ts';

/** An application of one function that is fed from a queue, whose dead letters stay in another. */
export interface QueueApplication {
  readonly running: RunningApplication;
  readonly events: RuntimeEvent[];
  /** What the handler wrote, parsed. */
  logged<Line>(): Line[];
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
  const events: RuntimeEvent[] = [];
  const running = await runApplication({
    application: {
      functions: [
        {
          ...FUNCTION_DEFAULTS,
          logicalId: 'Worker',
          functionName: 'worker',
          handler: options.handler,
          timeoutSeconds: TIMEOUT_SECONDS,
        },
      ],
      tables: [],
      streams: [],
      queues,
      mappings: [
        {
          logicalId: 'Mapping',
          functionLogicalId: 'Worker',
          source: { kind: 'sqs', logicalId: 'Jobs' },
          settings: { ...QUEUE_MAPPING_DEFAULTS, ...options.settings },
        },
      ],
      unsupported: [],
      ignored: [],
      outputs: {},
    },
    deployment,
    access: {
      ...endpoints,
      dynamodbStreams: endpoints.dynamodb,
      region: LOCAL_REGION,
      accountId: '123456789012',
      credentials,
    },
    bundles: () => ({ directory: fileURLToPath(new URL('./fixtures/handlers', import.meta.url)) }),
    onEvent: (event) => events.push(event),
    ...options.more,
  });
  return {
    running,
    events,
    logged: <Line>() =>
      events.flatMap((event) =>
        event.type === 'log' && event.output === 'stdout' ? [JSON.parse(event.line) as Line] : [],
      ),
    send,
    async receiveDeadLetters() {
      const answer = await clients.sqs?.send(
        new ReceiveMessageCommand({ QueueUrl: urlOf('DeadLetters'), MaxNumberOfMessages: 10 }),
      );
      return answer?.Messages ?? [];
    },
  };
}
