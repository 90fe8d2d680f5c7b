import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const ANSWER = Buffer.from(
  JSON.stringify({ ConsumedCapacity: [{ TableName: 'Any', CapacityUnits: 44, WriteCapacityUnits: 44 }] }),
);

/** A client of which everything is real but the connection: each transaction is answered as written, at once. */
export function createAnsweredClient(): {
  readonly client: DynamoDBClient;
  readonly sentBytes: () => number;
} {
  let bytes = 0;
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { readonly body: string | Uint8Array }) => {
        bytes += Buffer.byteLength(request.body);
        return {
          response: {
            statusCode: 200,
            headers: { 'content-type': 'application/x-amz-json-1.0' },
            body: ANSWER,
          },
        };
      },
    } as never,
  });
  return { client, sentBytes: () => bytes };
}
