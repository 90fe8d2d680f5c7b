import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AccountingStore } from '../accounting-store.ts';
import { StoreError } from '../errors.ts';
import { isTransient } from './is-transient.ts';

const counters = ['Applied', 'Duplicate', 'Stale', 'Conflict', 'Quarantined'] as const;
const updateExpression = `SET #SequenceNumber = :last ADD ${counters.map((name) => `#${name} :${name}`).join(', ')}`;
// Every name goes by an alias, because reserved words such as Conflict are among them.
const attributeNames = Object.fromEntries(
  ['Shard', 'SequenceNumber', ...counters].map((name) => [`#${name}`, name]),
);

/**
 * The accounting table in DynamoDB: key `Shard` (S), one item per consumer and shard.
 *
 * Counters and position move in one conditional update. If its reply is lost and it is sent again, the condition
 * refuses it and the returned position says that it was counted.
 *
 * @param client - the client; its timeouts and attempts apply, and resending is safe
 * @param options - `table`: name of the table
 * @returns the store
 */
export function createDynamoDbAccountingStore(
  client: Pick<DynamoDBClient, 'send'>,
  options: { readonly table: string },
): AccountingStore {
  return {
    async advance({ shard, first, last, counts }, signal) {
      const command = new UpdateItemCommand({
        TableName: options.table,
        Key: { Shard: { S: shard } },
        UpdateExpression: updateExpression,
        ConditionExpression: 'attribute_not_exists(#Shard) OR #SequenceNumber < :first',
        ExpressionAttributeNames: attributeNames,
        ExpressionAttributeValues: {
          ':first': { S: first },
          ':last': { S: last },
          ':Applied': { N: String(counts.applied) },
          ':Duplicate': { N: String(counts.duplicate) },
          ':Stale': { N: String(counts.stale) },
          ':Conflict': { N: String(counts.conflict) },
          ':Quarantined': { N: String(counts.quarantined) },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(command, { abortSignal: signal });
        return { code: 'advanced' };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return refusedAt(error, first);
        if (!isTransient(error)) throw error;
        return { code: 'unavailable', reason: error.name };
      }
    },
  };
}

function refusedAt(
  error: ConditionalCheckFailedException,
  first: string,
): { readonly code: 'refused'; readonly position: string } {
  const position = error.Item?.['SequenceNumber']?.S;
  // A shorter text would compare as nonsense, and a lower one contradicts the refusal.
  if (position === undefined || position.length !== first.length || position < first) {
    throw new StoreError('The accounting table holds a position that cannot be compared.', { cause: error });
  }
  return { code: 'refused', position };
}
