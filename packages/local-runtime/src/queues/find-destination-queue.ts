import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { queueOfArn } from '../deployment/create-queues.ts';
import type { Deployment } from '../deployment/deploy.ts';
import type { DestinationQueue } from '../streams/deliver-document.ts';

/** Finds the queue of the application that is a destination. */
export function findDestinationQueue(
  arn: string,
  { queues }: Deployment,
  client: SQSClient | undefined,
): DestinationQueue | undefined {
  const queue = queueOfArn(queues.values(), arn);
  if (queue === undefined || client === undefined) {
    return undefined;
  }
  const { queueUrl } = queue;
  return {
    queueUrl,
    async send(MessageBody) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    },
  };
}
