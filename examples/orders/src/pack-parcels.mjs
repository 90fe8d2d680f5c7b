import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const dynamodb = new DynamoDBClient({});

/** Makes a parcel of each paid order. What fails is redelivered, from the first record that failed on. */
export async function handler(event) {
  for (const { dynamodb: change } of event.Records) {
    const { OrderId, Address, Status } = change.NewImage;
    try {
      if (Status.S !== 'paid') {
        throw new Error(`the filter let a ${Status.S} order through`);
      }
      await pack(OrderId, Address);
      console.log(`parcel for order ${OrderId.S}`);
    } catch (error) {
      console.error(`no parcel for order ${OrderId.S} yet: ${error.name}`);
      return { batchItemFailures: [{ itemIdentifier: change.SequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}

async function pack(OrderId, Address) {
  await dynamodb.send(
    new PutItemCommand({ TableName: process.env.PARCELS_TABLE, Item: { OrderId, Address } }),
  );
}
