import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';

/** The state table holds every open order, and its index orders them: what is cancelled is deleted, and no longer the highest. */
export async function highestOpenOrder(
  dynamodb: DynamoDBClient,
  region: string,
): Promise<string | undefined> {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: 'OpenOrders',
      IndexName: 'ByAmount',
      KeyConditionExpression: '#region = :region',
      ExpressionAttributeNames: { '#region': 'Region' },
      ExpressionAttributeValues: { ':region': { S: region } },
      ScanIndexForward: false,
      Limit: 1,
    }),
  );
  return Items[0]?.['Amount']?.N;
}
