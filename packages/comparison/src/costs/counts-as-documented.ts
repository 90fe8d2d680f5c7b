import { CreateTableCommand, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb, freshCredentials } from '@oncefold/engines';
import type { ComparisonEngine } from '../stage/comparison-engine.ts';

const TABLE = 'UnitProbe';
/** A transaction of three small items consumes two units for each. */
const TRANSACTION_UNITS = 6;
/** An item of 1.5 KB consumes two units. */
const PUT_UNITS = 2;
const PUT_BYTES = 1_500;

/**
 * Checks whether an engine's ConsumedCapacity follows DynamoDB's documented rules.
 *
 * That of DynamoDB Local 2.6.1 does not: it is four units for each table of a transaction, whatever is written.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export async function countsAsDocumented(engine: ComparisonEngine): Promise<boolean> {
  const database = await engine.open();
  const client = createLocalDynamoDb({ endpoint: database.endpoint, credentials: freshCredentials() });
  try {
    await client.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const transaction = await client.send(
      new TransactWriteItemsCommand({
        ReturnConsumedCapacity: 'TOTAL',
        TransactItems: ['a', 'b', 'c'].map((id) => ({ Put: { TableName: TABLE, Item: { id: { S: id } } } })),
      }),
    );
    const put = await client.send(
      new PutItemCommand({
        TableName: TABLE,
        ReturnConsumedCapacity: 'TOTAL',
        Item: { id: { S: 'd' }, text: { S: 'x'.repeat(PUT_BYTES) } },
      }),
    );
    return (
      transaction.ConsumedCapacity?.[0]?.WriteCapacityUnits === TRANSACTION_UNITS &&
      put.ConsumedCapacity?.CapacityUnits === PUT_UNITS
    );
  } finally {
    client.destroy();
    await database.close();
  }
}
