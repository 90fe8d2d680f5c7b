import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const dynamodb = new DynamoDBClient({});
const statuses = new Set(['placed', 'paid', 'cancelled']);

/** Writes the newest state of each order. Throws at an event that is none: its batch is then cut in two and tried again. */
export async function handler(event) {
  for (const { kinesis } of event.Records) {
    const order = readOrder(Buffer.from(kinesis.data, 'base64').toString('utf8'));
    await keep(order);
    console.log(`order ${order.orderId} is ${order.status}`);
  }
}

function readOrder(text) {
  const order = JSON.parse(text);
  if (typeof order.orderId !== 'string' || !statuses.has(order.status) || !Number.isInteger(order.version)) {
    throw new TypeError('not an order');
  }
  return order;
}

/** An event that is redelivered, or late, changes nothing. */
async function keep({ orderId, version, status, address = '' }) {
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: process.env.ORDERS_TABLE,
        Item: {
          OrderId: { S: orderId },
          Version: { N: String(version) },
          Status: { S: status },
          Address: { S: address },
        },
        ConditionExpression: 'attribute_not_exists(OrderId) OR Version < :version',
        ExpressionAttributeValues: { ':version': { N: String(version) } },
      }),
    );
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException') {
      throw error;
    }
  }
}
