import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb, freshCredentials, startDynamoDb } from '@oncefold/engines';
import { AGGREGATES, LEDGER_TABLE, POSITION_TABLE } from './written-by-hand.ts';

/** Partition keys of the tables that commits write, by their names. */
const commitTables = {
  [AGGREGATES.table]: AGGREGATES.key,
  [POSITION_TABLE]: 'Position',
  [LEDGER_TABLE]: 'Marker',
};

/**
 * Lets something use the tables that commits write, on an engine of their own.
 *
 * @param options.further - partition keys of other tables, by their names
 * @param use - is given a client that does not retry
 */
export async function withCommitTables<Result>(
  options: {
    readonly engine?: NonNullable<Parameters<typeof startDynamoDb>[0]>['engine'];
    readonly further: Readonly<Record<string, string>>;
  },
  use: (client: DynamoDBClient) => Promise<Result>,
): Promise<Result> {
  const { engine: name, further } = options;
  const engine = await startDynamoDb(name === undefined ? {} : { engine: name });
  const { endpoint } = engine;
  const client = createLocalDynamoDb({ endpoint, credentials: freshCredentials(), maxAttempts: 1 });
  try {
    for (const [TableName, AttributeName] of Object.entries({ ...commitTables, ...further })) {
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName, AttributeType: 'S' }],
          KeySchema: [{ AttributeName, KeyType: 'HASH' }],
        }),
      );
    }
    return await use(client);
  } finally {
    client.destroy();
    await engine.stop();
  }
}
