import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { RoundOpener } from '../rounds/play-round.ts';
import { itemOf } from './round-item.ts';

/** Keeps rounds that begin in a table with key `Round` (S). */
export function createRoundOpener(client: DynamoDBClient, table: string): RoundOpener {
  return {
    async open(round) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: itemOf(round),
            ConditionExpression: 'attribute_not_exists(#round)',
            ExpressionAttributeNames: { '#round': 'Round' },
          }),
        );
        return 'opened';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          return 'known';
        }
        throw error;
      }
    },
  };
}
