import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** @param keys - the partition key of each table, by its name */
export async function createTables(
  client: DynamoDBClient,
  keys: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [TableName, AttributeName] of Object.entries(keys)) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName, AttributeType: 'S' }],
        KeySchema: [{ AttributeName, KeyType: 'HASH' }],
      }),
    );
  }
}
