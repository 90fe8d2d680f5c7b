import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const database = new DynamoDBClient({});

export const handler = async ({ Records }) => {
  for (const { body, attributes } of Records) {
    await database.send(
      new PutItemCommand({
        TableName: process.env.KEPT,
        Item: { id: { S: body }, group: { S: attributes.MessageGroupId } },
      }),
    );
  }
};
