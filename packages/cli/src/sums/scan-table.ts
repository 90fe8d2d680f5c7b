import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';

/** An item as DynamoDB gives it: numbers are text, so no digit is lost. */
export type TableItem = Readonly<Record<string, AttributeValue>>;

/**
 * Reads a whole table, page by page, consistently.
 *
 * A scan is no snapshot: each page is consistent in itself, so the writers must rest while the pages are compared.
 *
 * @returns the pages, each with up to 1 MB of items; memory holds one page at a time
 */
export async function* scanTable(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly attributes: readonly string[];
  readonly signal?: AbortSignal | undefined;
}): AsyncGenerator<readonly TableItem[]> {
  // Every name goes through a placeholder, because `Value`, `Hierarchy` and `Timestamp` may be reserved words.
  const placeholders = options.attributes.map((name, index): [string, string] => [`#${index}`, name]);
  let startKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await options.client.send(
      new ScanCommand({
        TableName: options.table,
        ConsistentRead: true,
        ProjectionExpression: placeholders.map(([placeholder]) => placeholder).join(', '),
        ExpressionAttributeNames: Object.fromEntries(placeholders),
        ExclusiveStartKey: startKey,
      }),
      options.signal === undefined ? {} : { abortSignal: options.signal },
    );
    yield page.Items ?? [];
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined);
}
