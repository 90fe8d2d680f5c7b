import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

/**
 * Sets attributes of an item where `compared` is absent or lower (or higher) than its new value; otherwise it changes nothing.
 *
 * Done again, or late, or in another order, it leaves the same item. So it needs no guard.
 */
export async function setWhere(
  dynamodb: DynamoDBClient,
  {
    table,
    key,
    compared,
    is,
    values,
  }: {
    readonly table: string;
    readonly key: Record<string, AttributeValue>;
    readonly compared: string;
    readonly is: 'lower' | 'higher';
    readonly values: Readonly<Record<string, AttributeValue>>;
  },
): Promise<void> {
  const names = Object.keys(values);
  const update = new UpdateItemCommand({
    TableName: table,
    Key: key,
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ConditionExpression: `attribute_not_exists(#${compared}) OR #${compared} ${is === 'lower' ? '<' : '>'} :${compared}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`:${name}`, value]),
    ),
  });
  try {
    await dynamodb.send(update);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) {
      throw error;
    }
  }
}
