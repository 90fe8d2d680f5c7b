import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const database = new DynamoDBClient({});

export const handler = async ({ Records }) => {
  for (const { dynamodb } of Records) {
    await database.send(new PutItemCommand({ TableName: process.env.LOG, Item: dynamodb.NewImage }));
  }
};
