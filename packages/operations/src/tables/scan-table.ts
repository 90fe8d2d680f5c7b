import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { NoAnswerError } from './errors.ts';
import { type OperationsClock, sendAgain } from './send-again.ts';

/** An item as DynamoDB gives it: numbers are text, so no digit is lost. */
export type TableItem = Readonly<Record<string, AttributeValue>>;

/** What tables are asked by. */
export interface TableAccess {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly clock: OperationsClock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a whole table, page by page, consistently.
 *
 * A scan is no snapshot: each page is consistent in itself, so the writers must rest while the pages are compared.
 *
 * @param attributes - names of the attributes that are wanted
 * @returns the pages, each with up to 1 MB of items; memory holds one page at a time
 */
export async function* scanTable(
  { client, clock, signal }: TableAccess,
  { table, attributes }: { readonly table: string; readonly attributes: readonly string[] },
): AsyncGenerator<readonly TableItem[]> {
  // Every name goes through a placeholder, because `Value`, `Hierarchy` and `Timestamp` may be reserved words.
  const placeholders = attributes.map((name, index): [string, string] => [`#${index}`, name]);
  let startKey: Record<string, AttributeValue> | undefined;
  do {
    const command = new ScanCommand({
      TableName: table,
      ConsistentRead: true,
      ProjectionExpression: placeholders.map(([placeholder]) => placeholder).join(', '),
      ExpressionAttributeNames: Object.fromEntries(placeholders),
      ExclusiveStartKey: startKey,
    });
    const send = async () => {
      const page = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
      if (page.Items === undefined) {
        throw new NoAnswerError('a page of a table has no items, not even none');
      }
      return { items: page.Items, lastKey: page.LastEvaluatedKey };
    };
    const { items, lastKey } = await sendAgain(`read ${table}`, send, { client, clock, signal });
    yield items;
    startKey = lastKey;
  } while (startKey !== undefined);
}
