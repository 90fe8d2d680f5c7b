import { z } from 'zod';
import type { QueueResource } from './application.ts';
import type { RawResource } from './raw-template.ts';
import { type ReadingContext, readProperties } from './resource-properties.ts';
import { flag, text, wholeNumber } from './shapes.ts';
import { QUEUE } from './support/stream-properties.ts';
import { TemplateError } from './template-error.ts';

const properties = z.object({
  ContentBasedDeduplication: flag.default(false),
  DelaySeconds: wholeNumber(0, 900).default(0),
  FifoQueue: flag.default(false),
  MaximumMessageSize: wholeNumber(1_024, 1_048_576).optional(),
  MessageRetentionPeriod: wholeNumber(60, 1_209_600).default(345_600),
  ReceiveMessageWaitTimeSeconds: wholeNumber(0, 20).default(0),
  RedrivePolicy: z.object({ deadLetterTargetArn: text, maxReceiveCount: wholeNumber(1, 1_000) }).optional(),
  VisibilityTimeout: wholeNumber(0, 43_200).default(30),
});

const NAME = /^[a-zA-Z0-9_-]{1,80}$/;
const FIFO_ENDING = '.fifo';

/** Reads an SQS queue. */
export function readQueue(logicalId: string, resource: RawResource, context: ReadingContext): QueueResource {
  const where = `Resources.${logicalId}.Properties`;
  const found = readProperties(
    { properties: resource.properties, where, support: QUEUE, schema: properties },
    context,
  );
  const queueName = context.nameOf(logicalId);
  const isNamedFifo = queueName.endsWith(FIFO_ENDING);
  const plainName = isNamedFifo ? queueName.slice(0, -FIFO_ENDING.length) : queueName;
  if (isNamedFifo !== found.FifoQueue || !NAME.test(plainName)) {
    throw new TemplateError(
      `${where}.QueueName`,
      `${queueName} is no name of a ${found.FifoQueue ? 'FIFO queue, which ends with .fifo' : 'queue'}`,
    );
  }
  return {
    logicalId,
    queueName,
    isFifo: found.FifoQueue,
    contentBasedDeduplication: found.ContentBasedDeduplication,
    visibilityTimeoutSeconds: found.VisibilityTimeout,
    messageRetentionSeconds: found.MessageRetentionPeriod,
    delaySeconds: found.DelaySeconds,
    receiveMessageWaitSeconds: found.ReceiveMessageWaitTimeSeconds,
    ...(found.MaximumMessageSize !== undefined && { maximumMessageSize: found.MaximumMessageSize }),
    ...(found.RedrivePolicy !== undefined && { redrivePolicy: found.RedrivePolicy }),
  };
}
