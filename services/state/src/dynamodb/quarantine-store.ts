import { type AttributeValue, BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { QuarantineStore } from '../quarantine-store.ts';
import { isTransient } from './is-transient.ts';

/** DynamoDB's own limit; 25 full items stay below its limit of 16 MB a request. */
const PUTS_MAX = 25;

/**
 * The quarantine table in DynamoDB: key `Source` (S) and `Part` (N).
 *
 * @param client - the client; its timeouts and attempts apply, and resending is safe
 * @param options - `table`: name of the table
 * @returns the store
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
export function createDynamoDbQuarantineStore(
  client: Pick<DynamoDBClient, 'send'>,
  options: { readonly table: string },
): QuarantineStore {
  const { table } = options;
  return {
    itemsMax: PUTS_MAX,
    async put(items, signal) {
      const puts = items.map(({ key, attributes }) => ({ PutRequest: { Item: { ...key, ...attributes } } }));
      try {
        const command = new BatchWriteItemCommand({ RequestItems: { [table]: puts } });
        const { UnprocessedItems } = await client.send(command, { abortSignal: signal });
        const unprocessed = new Set(
          UnprocessedItems?.[table]?.map(({ PutRequest }) => nameOf(PutRequest?.Item)),
        );
        return items.map(({ key }) =>
          unprocessed.has(nameOf(key))
            ? { code: 'unavailable', reason: 'UnprocessedItems' }
            : { code: 'written' },
        );
      } catch (error) {
        if (!isTransient(error)) throw error;
        return items.map(() => ({ code: 'unavailable', reason: error.name }));
      }
    },
  };
}

function nameOf(item: Readonly<Record<string, AttributeValue>> | undefined): string {
  return `${item?.['Part']?.N}#${item?.['Source']?.S}`;
}
