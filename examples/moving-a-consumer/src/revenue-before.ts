import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';

/** New items of the table Orders come in over its stream, and are added up: one `ADD` per region and batch. */
export function createRevenueBefore(dynamodb: DynamoDBClient): (event: DynamoDBStreamEvent) => Promise<void> {
  return async ({ Records }) => {
    const sums = new Map<string, number>();
    for (const { eventName, dynamodb: change } of Records) {
      const region = change?.NewImage?.['Region']?.S;
      if (eventName === 'INSERT' && region !== undefined) {
        sums.set(region, (sums.get(region) ?? 0) + Number(change?.NewImage?.['Amount']?.N));
      }
    }
    for (const [region, sum] of sums) {
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: 'Revenue',
          Key: { Region: { S: region } },
          UpdateExpression: 'ADD Amount :sum',
          ExpressionAttributeValues: { ':sum': { N: String(sum) } },
        }),
      );
    }
  };
}
