import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';

/** Percent of failing batches by the name of the parameter that asks for them. */
export type FailurePercentages = Readonly<Record<string, number>>;

/** What the workshop sets from its second half on. */
export const workshopFaults: FailurePercentages = {
  FAILURE_STATE_LAMBDA_PCT: 5,
  FAILURE_MAP_LAMBDA_PCT: 10,
  FAILURE_REDUCE_LAMBDA_PCT: 10,
};

/**
 * Writes the percentages into the parameter table, where the functions look for them.
 *
 * @param options.percentages - at most 25 of them
 */
export async function setFailurePercentages(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly percentages: FailurePercentages;
  readonly signal: AbortSignal;
}): Promise<void> {
  const requests = Object.entries(options.percentages).map(([parameter, percentage]) => ({
    PutRequest: { Item: { parameter: { S: parameter }, value: { N: String(percentage) } } },
  }));
  const { UnprocessedItems } = await options.client.send(
    new BatchWriteItemCommand({ RequestItems: { [options.table]: requests } }),
    { abortSignal: options.signal },
  );
  if (Object.keys(UnprocessedItems ?? {}).length > 0) {
    throw new CouldNotRunError(`the engine did not take the failure percentages into ${options.table}`);
  }
}
