import { CreateTableCommand, type DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import type { TableDefinition } from '@oncefold/simulator';

/** Tables of the state stage by name: attribute and type of the partition key, and of the sort key if there is one. */
const definitions = {
  StateTable: [['id', 'S']],
  QuarantineTable: [
    ['Source', 'S'],
    ['Part', 'N'],
  ],
  AccountingTable: [['Shard', 'S']],
  ParameterTable: [['parameter', 'S']],
  RecountTable: [['Identifier', 'S']],
} as const;

/** The same tables for the simulated store. */
export const tableDefinitions: readonly TableDefinition[] = Object.entries(definitions).map(
  ([name, keys]): TableDefinition => {
    const [[partitionKey], sortKey] = keys;
    return {
      name,
      key: sortKey === undefined ? [partitionKey] : [partitionKey, sortKey[0]],
      keyTypes: keys.map(([, type]) => type),
    };
  },
);

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
