import { CreateTableCommand, type DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';

/** Tables of the state stage by name: attribute and type of the partition key, and of the sort key if there is one. */
const definitions = {
  StateTable: [['id', 'S']],
  QuarantineTable: [
    ['Source', 'S'],
    ['Part', 'N'],
  ],
  AccountingTable: [['Shard', 'S']],
  ParameterTable: [['parameter', 'S']],
} as const;

export async function createTables(client: DynamoDBClient): Promise<void> {
  for (const [TableName, keys] of Object.entries(definitions)) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({
          AttributeName,
          AttributeType,
        })),
        KeySchema: keys.map(
          ([AttributeName], index): KeySchemaElement => ({
            AttributeName,
            KeyType: index === 0 ? 'HASH' : 'RANGE',
          }),
        ),
      }),
    );
  }
}
