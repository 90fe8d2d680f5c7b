import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const queues = new SQSClient({});

/** Passes on where each document's batch began; what is no document fails alone. */
export const handler = async ({ Records }) => {
  const batchItemFailures = [];
  for (const { messageId, body } of Records) {
    try {
      const { startSequenceNumber } = JSON.parse(body).KinesisBatchInfo;
      await queues.send(
        new SendMessageCommand({
          QueueUrl: process.env.NOTES,
          MessageBody: startSequenceNumber,
          MessageGroupId: 'notes',
        }),
      );
    } catch (error) {
      console.log(`cannot look at ${messageId}: ${error.name}`);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};
