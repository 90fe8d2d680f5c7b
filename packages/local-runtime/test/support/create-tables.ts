import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Creates tables with the contract's names and a text key each. */
export async function createTables(
  client: DynamoDBClient,
  keys: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [table, key] of Object.entries(keys)) {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      }),
    );
  }
}
