import { type AttributeValue, BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  incompleteAnswer,
  READ_KEYS_MAX,
  readItems,
  unavailableUnlessRefused,
} from '@oncefold/versioned-upsert/dynamodb';
import type { FindResult, PutResult, QuarantineStore } from '../quarantine-store.ts';

/** DynamoDB's own limit; 25 full items stay below its limit of 16 MB a request. */
const PUTS_MAX = 25;

/**
 * The quarantine table in DynamoDB: key `Source` (S) and `Part` (N).
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
export function createDynamoDbQuarantineStore(
  client: Pick<DynamoDBClient, 'send'>,
  { table }: { readonly table: string },
): QuarantineStore {
  return {
    itemsMax: PUTS_MAX,
    keysMax: READ_KEYS_MAX,
    async put(items, signal) {
      const puts = items.map(({ key, attributes }) => ({ PutRequest: { Item: { ...key, ...attributes } } }));
      const command = new BatchWriteItemCommand({ RequestItems: { [table]: puts } });
      const answer = await client.send(command, { abortSignal: signal }).catch(unavailableUnlessRefused);
      if ('code' in answer) {
        return items.map(() => answer);
      }
      if (answer.UnprocessedItems === undefined) {
        return items.map(() => incompleteAnswer);
      }
      const unprocessed = new Set(
        answer.UnprocessedItems[table]?.map(({ PutRequest }) => keyTextOf(PutRequest?.Item)),
      );
      return items.map(
        ({ key }): PutResult =>
          unprocessed.has(keyTextOf({ ...key }))
            ? { code: 'unavailable', reason: 'UnprocessedItems' }
            : { code: 'written' },
      );
    },
    async find(recordKeys, signal) {
      const keys = recordKeys.map((key) => ({ Source: { S: key }, Part: { N: '0' } }));
      const attributes = ['Source', 'Part', 'Reason'];
      const items = await readItems(client, { table, keys, attributes, signal });
      return items.map(
        (read): FindResult =>
          read.code === 'found' ? { code: 'found', reason: read.item['Reason']?.S } : read,
      );
    },
  };
}

function keyTextOf(item: Readonly<Record<string, AttributeValue>> | undefined): string {
  return `${item?.['Part']?.N}#${item?.['Source']?.S}`;
}
