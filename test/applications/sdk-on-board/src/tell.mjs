import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const bus = new EventBridgeClient({ maxAttempts: 1 });

export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) {
    const id = Buffer.from(kinesis.data, 'base64').toString();
    const { FailedEntryCount } = await bus.send(
      new PutEventsCommand({
        Entries: [{ Source: 'test', DetailType: 'line', Detail: JSON.stringify(marshall({ id })) }],
      }),
    );
    await documents.send(new PutCommand({ TableName: process.env.TABLE, Item: { id, FailedEntryCount } }));
  }
};
