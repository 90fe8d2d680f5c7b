import {
  type DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { describeArrear, describeFinding } from '../rounds/describe-finding.ts';
import type { VerdictStore } from '../rounds/scored-round.ts';
import { roundOf } from './round-item.ts';

/** The parameter that the lab's dashboard shows. */
const SCORE = 'SCORE';
/** Findings that are kept; the log has them too. */
const FINDINGS_MAX = 100;

/**
 * Keeps verdicts in the table of rounds, and the score as `SCORE` in the table of parameters.
 *
 * Verdict and points are one transaction, guarded by the round's own item: a judgement that is asked for twice scores once.
 */
export function createVerdictStore(
  client: DynamoDBClient,
  tables: { readonly workshop: string; readonly parameter: string },
): VerdictStore {
  return {
    async find(name) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tables.workshop, Key: { Round: { S: name } }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : roundOf(Item);
    },

    async record(scored, judgedAt) {
      const { name, verdict, points } = scored;
      const why = [...scored.findings.map(describeFinding), ...scored.arrears.map(describeArrear)];
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
                    ':why': { L: why.slice(0, FINDINGS_MAX).map((text) => ({ S: text })) },
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
        return 'recorded';
      } catch (error) {
        const isGuarded =
          error instanceof TransactionCanceledException &&
          error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed';
        if (isGuarded) {
          return 'already-recorded';
        }
        throw error;
      }
    },
  };
}
