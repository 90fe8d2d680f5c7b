import {
  type AttributeValue,
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { formatPosition, SUB_SEQUENCE_NUMBER_MAX } from '@oncefold/commit';
import type { AccountKeys } from '../account-records.ts';
import { StoreError } from '../errors.ts';
import { readItems } from './read-items.ts';
import { type Unavailable, unavailableUnlessRefused } from './unavailable.ts';

/** Attributes that hold the counters of an account. */
export const counterNames = ['Applied', 'Duplicate', 'Stale', 'Conflict', 'Quarantined'] as const;

type Item = Readonly<Record<string, AttributeValue>>;

/** Whether the shard has an account after all. */
export type TakeOverResult = { readonly code: 'present' } | { readonly code: 'none' } | Unavailable;

/**
 * Takes over the account of a shard that was kept under the former key, which had no namespace and no stream.
 *
 * One transaction puts counters and position under the new key and leaves a marker under the former one, so that they
 * are counted once. The marker has no position: an invocation of the former code that still runs is refused and cannot
 * start the old account anew.
 *
 * @param client - the client
 * @param account - {@link AccountKeys}
 * @param options - table and signal
 * @returns `present` where there is an account now, `none` where one may be started
 * @throws {@link StoreError} when the former account cannot be read; what DynamoDB refuses
 */
export async function takeOverAccount(
  client: Pick<DynamoDBClient, 'send'>,
  { key, formerKey }: AccountKeys,
  { table, signal }: { readonly table: string; readonly signal: AbortSignal },
): Promise<TakeOverResult> {
  const keys = [{ Shard: { S: key } }, { Shard: { S: formerKey } }];
  const [account, former] = await readItems(client, { table, keys, signal });
  if (account?.code === 'found') return { code: 'present' };
  if (account?.code === 'unavailable') return account;
  if (former?.code === 'unavailable') return former;
  if (former?.code !== 'found' || former.item['MovedTo'] !== undefined) return { code: 'none' };

  const command = new TransactWriteItemsCommand({
    TransactItems: [
      {
        Put: {
          TableName: table,
          Item: { ...former.item, Shard: { S: key }, SequenceNumber: { S: positionOf(former.item) } },
          ConditionExpression: 'attribute_not_exists(#Shard)',
          ExpressionAttributeNames: { '#Shard': 'Shard' },
        },
      },
      {
        Put: {
          TableName: table,
          Item: { Shard: { S: formerKey }, MovedTo: { S: key } },
          ConditionExpression: '#SequenceNumber = :seen',
          ExpressionAttributeNames: { '#SequenceNumber': 'SequenceNumber' },
          ExpressionAttributeValues: { ':seen': former.item['SequenceNumber'] ?? { NULL: true } },
        },
      },
    ],
  });
  try {
    await client.send(command, { abortSignal: signal });
    return { code: 'present' };
  } catch (error) {
    return error instanceof TransactionCanceledException
      ? afterCancellation(error)
      : unavailableUnlessRefused(error);
  }
}

function positionOf(former: Item): string {
  const text = former['SequenceNumber']?.S ?? '';
  if (!/^\d{129}$/.test(text)) {
    throw new StoreError(
      'The accounting table holds a position that cannot be taken over; restore or delete the item of this shard.',
    );
  }
  // The former form counted Kinesis records whole, so all of their user records are counted.
  return formatPosition(text, SUB_SEQUENCE_NUMBER_MAX);
}

function afterCancellation(error: TransactionCanceledException): TakeOverResult {
  const codes = new Set(error.CancellationReasons?.map(({ Code }) => Code));
  if (codes.has('ValidationError')) throw error;
  // Where a condition failed, somebody else has just moved the account or counted in it: look again.
  if (codes.has('ConditionalCheckFailed')) return { code: 'present' };
  return { code: 'unavailable', reason: error.name };
}
