import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { formatContribution, parseContribution } from '@oncefold/reducer';
import { describeFinding } from '../describe-finding.ts';
import type { RoundStore } from '../ports.ts';
import { type Round, RoundError } from '../round.ts';

/** The parameter that the lab's dashboard shows. */
const SCORE = 'SCORE';
/** An item has 400 kB; sums before and growth take most of it. */
const TEXT_LENGTH_MAX = 150_000;
/** Findings that are kept; the log has them too. */
const FINDINGS_MAX = 100;
const RETENTION_SECONDS = 30 * 86_400;

/**
 * Keeps rounds in a table with key `Round` (S), and the score as `SCORE` in the table of parameters.
 *
 * Sums are JSON text of decimals, as in the rows of the pipeline. Verdict and points are one transaction, guarded by the
 * round's own item: a judgement that is asked for twice scores once.
 *
 * @param client - of the account or engine that holds the tables
 * @param tables.workshop - name of the table of rounds
 * @param tables.parameter - name of the table of parameters, key `parameter` (S), attribute `value` (N)
 * @returns the store; it throws {@link RoundError} where a round has too many keys for an item
 */
export function createDynamoDbRoundStore(
  client: DynamoDBClient,
  tables: { readonly workshop: string; readonly parameter: string },
): RoundStore {
  return {
    async open(round) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: tables.workshop,
            Item: itemOf(round),
            ConditionExpression: 'attribute_not_exists(#round)',
            ExpressionAttributeNames: { '#round': 'Round' },
          }),
        );
        return 'opened';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'known';
        throw error;
      }
    },

    async find(name) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tables.workshop, Key: { Round: { S: name } }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : roundOf(Item);
    },

    async settle(scored, judgedAt) {
      const { name, verdict, points, findings } = scored;
      try {
        await client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              {
                Update: {
                  TableName: tables.workshop,
                  Key: { Round: { S: name } },
                  UpdateExpression: 'SET #verdict = :verdict, #points = :points, #why = :why, #at = :at',
                  ConditionExpression: 'attribute_exists(#round) AND attribute_not_exists(#verdict)',
                  ExpressionAttributeNames: {
                    '#round': 'Round',
                    '#verdict': 'Verdict',
                    '#points': 'Points',
                    '#why': 'Findings',
                    '#at': 'JudgedAt',
                  },
                  ExpressionAttributeValues: {
                    ':verdict': { S: verdict },
                    ':points': { N: String(points) },
                    ':why': {
                      L: findings.slice(0, FINDINGS_MAX).map((one) => ({ S: describeFinding(one) })),
                    },
                    ':at': { S: new Date(judgedAt).toISOString() },
                  },
                },
              },
              {
                Update: {
                  TableName: tables.parameter,
                  Key: { parameter: { S: SCORE } },
                  UpdateExpression: 'ADD #value :points',
                  ExpressionAttributeNames: { '#value': 'value' },
                  ExpressionAttributeValues: { ':points': { N: String(points) } },
                },
              },
            ],
          }),
        );
        return 'settled';
      } catch (error) {
        const isGuarded =
          error instanceof TransactionCanceledException &&
          error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed';
        if (isGuarded) return 'already-settled';
        throw error;
      }
    },
  };
}

function itemOf(round: Round): Record<string, AttributeValue> {
  const growth = formatContribution(round.growth);
  const before = formatContribution(round.before);
  if (growth.length + before.length > TEXT_LENGTH_MAX)
    throw new RoundError('too-many-keys', 'The sums of the round do not fit into one item.');
  return {
    Round: { S: round.name },
    Seed: { N: String(round.seed) },
    Messages: { N: String(round.messages) },
    Growth: { S: growth },
    AppliedLeast: { N: String(round.applied.least) },
    AppliedMost: { N: String(round.applied.most) },
    Before: { S: before },
    OpenedAt: { N: String(round.openedAt) },
    ExpiresAt: { N: String(Math.floor(round.openedAt / 1000) + RETENTION_SECONDS) },
  };
}

function roundOf(item: Readonly<Record<string, AttributeValue>>): Round {
  const number = (name: string): number => Number(item[name]?.N);
  return {
    name: item['Round']?.S ?? '',
    seed: number('Seed'),
    messages: number('Messages'),
    growth: parseContribution(item['Growth']?.S ?? ''),
    applied: { least: number('AppliedLeast'), most: number('AppliedMost') },
    before: parseContribution(item['Before']?.S ?? ''),
    openedAt: number('OpenedAt'),
  };
}
