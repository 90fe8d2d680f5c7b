import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import type { QuarantinePart, QuarantineStore } from '../quarantine-store.ts';
import { isTransient } from './is-transient.ts';

/** DynamoDB's own limit; 25 full parts stay below its limit of 16 MB a request. */
const PUTS_MAX = 25;

/**
 * The quarantine table in DynamoDB: key `Source` (S) and `Part` (N).
 *
 * @param client - the client; its timeouts and attempts apply, and resending is safe
 * @param options - `table`: name of the table
 * @returns the store
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
export function createDynamoDbQuarantineStore(
  client: Pick<DynamoDBClient, 'send'>,
  options: { readonly table: string },
): QuarantineStore {
  const { table } = options;
  return {
    partsMax: PUTS_MAX,
    async put(parts, signal) {
      const command = new BatchWriteItemCommand({ RequestItems: { [table]: parts.map(putOf) } });
      try {
        const { UnprocessedItems } = await client.send(command, { abortSignal: signal });
        const unprocessed = new Set((UnprocessedItems?.[table] ?? []).map(keyOfRequest));
        return parts.map((part) =>
          unprocessed.has(keyOf(part))
            ? { code: 'unavailable', reason: 'UnprocessedItems' }
            : { code: 'written' },
        );
      } catch (error) {
        if (!isTransient(error)) throw error;
        return parts.map(() => ({ code: 'unavailable', reason: error.name }));
      }
    },
  };
}

function putOf(part: QuarantinePart): WriteRequest {
  return {
    PutRequest: {
      Item: {
        Source: { S: part.source },
        Part: { N: String(part.part) },
        Parts: { N: String(part.parts) },
        Reason: { S: part.reason },
        Detail: { S: part.detail },
        Payload: { B: part.payload },
        Consumer: { S: part.consumer },
      },
    },
  };
}

function keyOf(part: QuarantinePart): string {
  return `${part.part}#${part.source}`;
}

function keyOfRequest(request: WriteRequest): string {
  const item = request.PutRequest?.Item;
  return `${item?.['Part']?.N}#${item?.['Source']?.S}`;
}
