import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { canonicalText } from '../attribute-values.ts';
import type { Item } from '../item-form.ts';
import type { Unavailable } from '../request-all.ts';
import { incompleteAnswer, unavailableUnlessRefused } from './unavailable.ts';

/** DynamoDB's own limit of keys in a request. */
export const READ_KEYS_MAX = 100;

/** What {@link readItems} reads. */
export interface ReadItemsOptions {
  readonly table: string;
  /** 1 to {@link READ_KEYS_MAX} different keys, all with the same attributes. */
  readonly keys: readonly Item[];
  /** Attributes to read, those of the key among them; all when absent. */
  readonly attributes?: readonly string[];
  readonly signal: AbortSignal;
}

/** What a read says about one key. */
export type ReadItem =
  | { readonly code: 'found'; readonly item: Item }
  | { readonly code: 'absent' }
  | Unavailable;

/**
 * Reads items consistently.
 *
 * It is a BatchGetItem also for a single key: an empty answer to GetItem could be that of a missing item or one that was cut
 * off, and what is taken for missing here is taken for certain.
 *
 * @returns one result per key, in their order
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export async function readItems(
  client: Pick<DynamoDBClient, 'send'>,
  { table, keys, attributes, signal }: ReadItemsOptions,
): Promise<readonly ReadItem[]> {
  const names = Object.keys(keys[0] ?? {});
  const nameOf = (item: Item) => JSON.stringify(names.map((name) => canonicalText(item[name])));
  const command = new BatchGetItemCommand({
    RequestItems: {
      [table]: {
        Keys: [...keys],
        ConsistentRead: true,
        ...(attributes !== undefined && {
          ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
          ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
        }),
      },
    },
  });
  const answer = await client.send(command, { abortSignal: signal }).catch(unavailableUnlessRefused);
  if ('code' in answer) {
    return keys.map(() => answer);
  }
  const found = answer.Responses?.[table];
  if (found === undefined || answer.UnprocessedKeys === undefined) {
    return keys.map(() => incompleteAnswer);
  }
  const items = new Map(found.map((item) => [nameOf(item), item]));
  const unread = new Set(answer.UnprocessedKeys[table]?.Keys?.map(nameOf));
  return keys.map((key): ReadItem => {
    const item = items.get(nameOf(key));
    if (item !== undefined) {
      return { code: 'found', item };
    }
    return unread.has(nameOf(key)) ? { code: 'unavailable', reason: 'UnprocessedKeys' } : { code: 'absent' };
  });
}
