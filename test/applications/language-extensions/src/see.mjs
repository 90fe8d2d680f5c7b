import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const database = new DynamoDBClient({});
const { name, batchSize } = JSON.parse(process.env.SETTINGS);

export const handler = async ({ Records }) => {
  for (const { dynamodb } of Records) {
    const id = `${name}/${dynamodb.Keys.id.S}`;
    await database.send(
      new PutItemCommand({
        TableName: process.env.SEEN,
        Item: { id: { S: id }, batchSize: { N: String(batchSize) } },
      }),
    );
  }
};
