import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const database = new DynamoDBClient({});

interface Records {
  readonly Records: readonly { readonly kinesis: { readonly data: string } }[];
}

export const handler = async ({ Records }: Records): Promise<void> => {
  for (const { kinesis } of Records) {
    await database.send(
      new PutItemCommand({
        TableName: process.env['KEPT'],
        Item: { id: { S: Buffer.from(kinesis.data, 'base64').toString() } },
      }),
    );
  }
};
