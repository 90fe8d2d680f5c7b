import { BatchWriteItemCommand, CreateTableCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb, freshCredentials, startDynamoDb } from '@oncefold/engines';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanTable, systemOperationsClock } from '../src/tables/index.ts';

const ITEMS_IN_A_REQUEST = 25;

describe.each(['dynamodb-local', 'dynoxide'] as const)('scanTable on %s', (name) => {
  let engine: Awaited<ReturnType<typeof startDynamoDb>>;
  let client: ReturnType<typeof createLocalDynamoDb>;

  beforeAll(async () => {
    engine = await startDynamoDb({ engine: name });
    client = createLocalDynamoDb({ endpoint: engine.endpoint, credentials: freshCredentials() });
  });

  afterAll(async () => {
    client?.destroy();
    await engine?.stop();
  });

  it.each([
    { table: 'small', items: 150, bytes: 10 },
    { table: 'of-many-pages', items: 1_500, bytes: 2_000 },
  ])('reads each item once, of a table that is $table', async ({ table, items, bytes }) => {
    await fill(table, items, 'x'.repeat(bytes));
    const limits: (number | undefined)[] = [];
    client.middlewareStack.add(
      (next) => (args) => {
        limits.push((args.input as ScanCommandInput).Limit);
        return next(args);
      },
      { step: 'initialize', name: 'note', override: true },
    );
    const found: string[] = [];
    for await (const page of scanTable(
      { client, clock: systemOperationsClock },
      { table, attributes: ['id'] },
    )) {
      found.push(...page.map((item) => item['id']?.S ?? ''));
    }
    client.middlewareStack.remove('note');
    expect(found.toSorted()).toEqual(Array.from({ length: items }, (_, index) => idOf(index)));
    // Without one, DynamoDB Local reads the rest of the table for each page.
    expect(limits).not.toContain(undefined);
  });

  async function fill(table: string, items: number, text: string): Promise<void> {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    for (let first = 0; first < items; first += ITEMS_IN_A_REQUEST) {
      const requests = Array.from({ length: ITEMS_IN_A_REQUEST }, (_, index) => ({
        PutRequest: { Item: { id: { S: idOf(first + index) }, text: { S: text } } },
      }));
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
      );
      expect(UnprocessedItems).toEqual({});
    }
  }
});

function idOf(index: number): string {
  return String(index).padStart(6, '0');
}
