import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { KinesisStreamEvent } from 'aws-lambda';

/** Orders come in over Kinesis; each takes pieces from a shelf: one `ADD` per record. */
export function createStockBefore(dynamodb: DynamoDBClient): (event: KinesisStreamEvent) => Promise<void> {
  return async ({ Records }) => {
    for (const { kinesis } of Records) {
      const order = JSON.parse(Buffer.from(kinesis.data, 'base64').toString()) as {
        shelf: string;
        pieces: number;
      };
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: 'Stock',
          Key: { Shelf: { S: order.shelf } },
          UpdateExpression: 'ADD Pieces :pieces',
          ExpressionAttributeValues: { ':pieces': { N: String(order.pieces) } },
        }),
      );
    }
  };
}
