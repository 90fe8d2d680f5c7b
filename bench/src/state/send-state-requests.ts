import {
  BatchExecuteStatementCommand,
  type BatchExecuteStatementCommandInput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

/** What refuses a statement alone, because the table has this version of the trade or a newer one. */
const REFUSED: ReadonlySet<string | undefined> = new Set([undefined, 'ConditionalCheckFailed']);
/** As many as the state function has on two shards. */
const IN_FLIGHT = 8;

/** Sends requests as fast as the engine takes them, in their order. */
export async function sendStateRequests(
  client: DynamoDBClient,
  requests: readonly BatchExecuteStatementCommandInput[],
): Promise<void> {
  const queue = requests.values();
  const send = async () => {
    for (const request of queue) {
      const { Responses = [] } = await client.send(new BatchExecuteStatementCommand(request));
      const failed = Responses.find(({ Error: error }) => !REFUSED.has(error?.Code));
      if (failed !== undefined || Responses.length !== request.Statements?.length) {
        throw new Error(`the engine failed: ${failed?.Error?.Code}`);
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, send));
}
