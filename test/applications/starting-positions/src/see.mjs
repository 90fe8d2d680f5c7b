import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const database = new DynamoDBClient({});

export const handler = async ({ Records }, { functionName }) => {
  for (const { kinesis, dynamodb } of Records) {
    const what = kinesis === undefined ? dynamodb.Keys.id.S : Buffer.from(kinesis.data, 'base64').toString();
    await database.send(
      new PutItemCommand({
        TableName: process.env.SEEN,
        Item: { id: { S: `${functionName} ${what}` } },
      }),
    );
  }
};
