import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { KinesisStreamEvent } from 'aws-lambda';

/** The old function with a second column: what arrives at the cut-over or later is added there, to be compared. */
export function createStockCompared(
  dynamodb: DynamoDBClient,
  cutOver: number,
): (event: KinesisStreamEvent) => Promise<void> {
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
          UpdateExpression: 'ADD #column :pieces',
          ExpressionAttributeNames: {
            '#column': kinesis.approximateArrivalTimestamp < cutOver ? 'Pieces' : 'PiecesSince',
          },
          ExpressionAttributeValues: { ':pieces': { N: String(order.pieces) } },
        }),
      );
    }
  };
}
