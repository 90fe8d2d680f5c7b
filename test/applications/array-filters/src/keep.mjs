import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const database = new DynamoDBClient({});

export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) {
    const { basket } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
    await database.send(new PutItemCommand({ TableName: process.env.KEPT, Item: { id: { S: basket } } }));
  }
};
