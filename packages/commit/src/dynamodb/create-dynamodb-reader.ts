import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ItemReader } from '../item-reader.ts';
import { type Item, type ItemKey, itemName } from '../transaction-port.ts';

/** DynamoDB's own limit of keys in a request. */
const READ_KEYS_MAX = 100;

/** How often keys that DynamoDB left unread are asked for again before the reader gives up. */
const ROUNDS_MAX = 10;

/**
 * The reader over DynamoDB's BatchGetItem, with consistent reads.
 *
 * @param client - it may retry by itself: reads change nothing
 * @param options.timeoutMs - for each request, whole milliseconds
 * @returns the reader; it throws what the SDK throws, and when keys are left unread
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export function createDynamoDbReader(
  client: Pick<DynamoDBClient, 'send'>,
  options: { readonly timeoutMs: number },
): ItemReader {
  return {
    read: async (keys) => {
      const found = new Map<string, Item>();
      let pending = [...keys];
      for (let round = 0; pending.length > 0; round += 1) {
        if (round >= ROUNDS_MAX + keys.length / READ_KEYS_MAX) {
          throw new Error(`DynamoDB left ${pending.length} keys unread: it is throttled; try again later`);
        }
        const page = pending.slice(0, READ_KEYS_MAX);
        const { items, unread } = await readPage(client, page, options.timeoutMs);
        for (const [name, item] of items) {
          found.set(name, item);
        }
        pending = [...unread, ...pending.slice(page.length)];
      }
      return keys.map((key) => found.get(itemName(key)));
    },
  };
}

async function readPage(
  client: Pick<DynamoDBClient, 'send'>,
  page: readonly ItemKey[],
  timeoutMs: number,
): Promise<{ readonly items: ReadonlyMap<string, Item>; readonly unread: readonly ItemKey[] }> {
  const [{ table, key } = { table: '', key: {} }] = page;
  const command = new BatchGetItemCommand({
    RequestItems: { [table]: { Keys: page.map((one) => ({ ...one.key })), ConsistentRead: true } },
  });
  const answer = await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
  const responses = answer.Responses?.[table];
  if (responses === undefined || answer.UnprocessedKeys === undefined) {
    // A missing item and an answer that was cut off look alike.
    throw new Error('the answer to a read is incomplete; try again');
  }
  const names = Object.keys(key);
  const nameOf = (item: object): string =>
    itemName({
      table,
      key: Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name))),
    });
  const unread = new Set(answer.UnprocessedKeys[table]?.Keys?.map(nameOf));
  return {
    items: new Map(responses.map((item) => [nameOf(item), item as Item])),
    unread: page.filter((one) => unread.has(itemName(one))),
  };
}
