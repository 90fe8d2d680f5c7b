import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { counterNames } from '@oncefold/trades';
import { incompleteAnswer, StoreError, unavailableUnlessRefused } from '@oncefold/versioned-upsert/dynamodb';
import type { AccountingEntry, AccountingStore, AdvanceResult } from '../accounting-store.ts';
import { countersOf, type MigrationResult, migrateAccount } from './migrate-account.ts';

/** How often an account may be found to come and go while one entry is counted. */
const ROUNDS_MAX = 4;

const counters = Object.values(counterNames);
const updateExpression = `SET #SequenceNumber = :last ADD ${counters.map((name) => `#${name} :${name}`).join(', ')}`;
// Every name goes by an alias, because reserved words such as Conflict are among them.
const attributeNames = Object.fromEntries(['SequenceNumber', ...counters].map((name) => [`#${name}`, name]));

/** Whether the account must exist already. */
type Mode = 'continue' | 'start';

/**
 * The accounting table in DynamoDB: key `Shard` (S), one item per shard that a consumer reads.
 *
 * Counters and position move in one conditional update. If its reply is lost and it is sent again, the condition
 * refuses it and the returned position says that it was counted. Only where there is no account yet, one more request starts
 * it; two where release 0.1.0 may have one, which is then migrated.
 */
export function createDynamoDbAccountingStore(
  client: Pick<DynamoDBClient, 'send'>,
  { table }: { readonly table: string },
): AccountingStore {
  return {
    async advance(entry, signal) {
      let mode: Mode = 'continue';
      for (let round = 0; round < ROUNDS_MAX; round++) {
        const result = await update(client, entry, { table, mode, signal });
        if (result.code !== 'absent') {
          return result;
        }
        // An update that was to start the account has found one.
        const found: MigrationResult =
          mode === 'start' ? { code: 'present' } : await migrateAccount(client, entry, { table, signal });
        if (found.code === 'unavailable') {
          return found;
        }
        if (found.code === 'started') {
          return { code: 'advanced' };
        }
        mode = found.code === 'none' ? 'start' : 'continue';
      }
      return { code: 'unavailable', reason: 'AccountChanges' };
    },
  };
}

/** Sends one update; `absent` where there is no account, or one that should not be there when it is started. */
async function update(
  client: Pick<DynamoDBClient, 'send'>,
  { key, first, last, counts }: AccountingEntry,
  options: { readonly table: string; readonly mode: Mode; readonly signal: AbortSignal },
): Promise<AdvanceResult | { readonly code: 'absent' }> {
  const { table, mode, signal } = options;
  const isStart = mode === 'start';
  const command = new UpdateItemCommand({
    TableName: table,
    Key: { Shard: { S: key } },
    UpdateExpression: updateExpression,
    ConditionExpression: isStart ? 'attribute_not_exists(#SequenceNumber)' : '#SequenceNumber < :first',
    ExpressionAttributeNames: attributeNames,
    ExpressionAttributeValues: {
      ...(!isStart && { ':first': { S: first } }),
      ':last': { S: last },
      ...countersOf(counts, ':'),
    },
    // An answer that was cut off has no attributes.
    ReturnValues: 'UPDATED_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    const { Attributes } = await client.send(command, { abortSignal: signal });
    return Attributes?.['SequenceNumber']?.S === last ? { code: 'advanced' } : incompleteAnswer;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) {
      return unavailableUnlessRefused(error);
    }
    if (isStart || error.Item === undefined) {
      return { code: 'absent' };
    }
    return refusedAt(error, first);
  }
}

function refusedAt(
  error: ConditionalCheckFailedException,
  first: string,
): { readonly code: 'refused'; readonly position: string } {
  const position = error.Item?.['SequenceNumber']?.S;
  // A shorter text would compare as nonsense, and a lower one contradicts the refusal.
  if (position === undefined || position.length !== first.length || position < first) {
    throw new StoreError(
      'The accounting table holds a position that cannot be compared; restore or delete the item of this shard.',
      { cause: error },
    );
  }
  return { code: 'refused', position };
}
