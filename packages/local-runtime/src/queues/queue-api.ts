import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** What a mapping does with its queue. */
export interface QueueApi {
  /**
   * @param request.limit - 1 to 10
   * @param request.waitSeconds - how long to wait for a first message, 0 to 20
   */
  receive(request: {
    readonly limit: number;
    readonly waitSeconds: number;
    readonly signal: AbortSignal;
  }): Promise<readonly Message[]>;
  delete(receiptHandles: readonly string[]): Promise<void>;
  /** Ends the visibility timeout of messages; of those that are visible already nothing changes. */
  makeVisible(receiptHandles: readonly string[]): Promise<void>;
  /** How many messages are in the queue: visible, in flight and delayed. */
  count(): Promise<number>;
}

const ENTRIES_MAX = 10;
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

export function createQueueApi(client: SQSClient, QueueUrl: string): QueueApi {
  return {
    async receive({ limit, waitSeconds, signal }) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: limit,
          WaitTimeSeconds: waitSeconds,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
        { abortSignal: signal },
      );
      return Messages;
    },
    async delete(receiptHandles) {
      for (const Entries of entriesOf(receiptHandles)) {
        const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
        const [failed] = Failed;
        if (failed !== undefined) {
          throw Object.assign(
            new Error(`a message of ${QueueUrl} cannot be deleted: ${failed.Code}: ${failed.Message}`),
            // Worth another attempt unless the request itself is wrong.
            { name: failed.SenderFault === false ? 'ServiceUnavailable' : 'DeleteError' },
          );
        }
      }
    },
    async makeVisible(receiptHandles) {
      for (const entries of entriesOf(receiptHandles)) {
        const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
      }
    },
    async count() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
      );
      return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    },
  };
}

function entriesOf(receiptHandles: readonly string[]): { Id: string; ReceiptHandle: string }[][] {
  const entries = receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
  return Array.from({ length: Math.ceil(entries.length / ENTRIES_MAX) }, (_, page) =>
    entries.slice(page * ENTRIES_MAX, (page + 1) * ENTRIES_MAX),
  );
}
