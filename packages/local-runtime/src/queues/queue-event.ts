import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';

/** A message as its function gets it. */
export interface SqsEventRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, SqsEventAttribute>>;
  readonly md5OfMessageAttributes?: string;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

interface SqsEventAttribute {
  readonly stringValue?: string;
  /** Base64 text. */
  readonly binaryValue?: string;
  readonly stringListValues: readonly [];
  readonly binaryListValues: readonly [];
  readonly dataType: string;
}

/** A message that was received and is not done. */
export interface QueueMessage {
  readonly id: string;
  readonly receiptHandle: string;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
  /** On the clock of `performance.now()`. */
  readonly receivedAtMs: number;
  readonly record: SqsEventRecord;
  /** The record as JSON text, and its size in UTF-8. */
  readonly json: string;
  readonly bytes: number;
}

/**
 * Makes the event record of a message.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
 */
export function toQueueMessage(
  message: Message,
  queue: { readonly arn: string; readonly region: string },
): QueueMessage {
  const { MessageId = '', ReceiptHandle = '', Body = '', MD5OfBody = '', MD5OfMessageAttributes } = message;
  const attributes = (message.Attributes ?? {}) as Record<string, string>;
  const record: SqsEventRecord = {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toEventAttribute(value)]),
    ),
    ...(MD5OfMessageAttributes !== undefined && { md5OfMessageAttributes: MD5OfMessageAttributes }),
    md5OfBody: MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: queue.region,
  };
  const json = JSON.stringify(record);
  return {
    id: MessageId,
    receiptHandle: ReceiptHandle,
    receiveCount: Number(attributes['ApproximateReceiveCount'] ?? 1),
    receivedAtMs: performance.now(),
    record,
    json,
    bytes: Buffer.byteLength(json),
  };
}

/** The event of an invocation, as JSON text. */
export function eventOf(messages: readonly QueueMessage[]): string {
  return `{"Records":[${messages.map(({ json }) => json).join(',')}]}`;
}

function toEventAttribute({
  DataType = '',
  StringValue,
  BinaryValue,
}: MessageAttributeValue): SqsEventAttribute {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}
