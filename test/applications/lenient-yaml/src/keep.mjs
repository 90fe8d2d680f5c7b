import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const database = new DynamoDBClient({});

export const handler = async ({ Records }, context) => {
  for (const { kinesis } of Records) {
    const id = Buffer.from(kinesis.data, 'base64').toString();
    const seconds = Math.round(context.getRemainingTimeInMillis() / 1_000);
    await database.send(
      new PutItemCommand({
        TableName: process.env.TABLE,
        Item: { id: { S: id }, seconds: { N: String(seconds) } },
      }),
    );
  }
};
