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
 * Items of one page. DynamoDB ends a page at 1 MB in any case; DynamoDB Local first reads all that is left of the table where no number
 * is given, so that a scan takes four times as long for twice the items, and ends with an error at a million.
 */
const PAGE_ITEMS_MAX = 5_000;

/**
 * Reads a whole table, page by page, consistently.
 *
 * A scan is no snapshot: each page is consistent in itself, so the writers must rest while the pages are compared.
 *
 * @param attributes - names of the attributes that are wanted
 * @returns the pages, each with up to 1 MB of items and {@link PAGE_ITEMS_MAX} of them; memory holds one page at a time
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
      Limit: PAGE_ITEMS_MAX,
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
