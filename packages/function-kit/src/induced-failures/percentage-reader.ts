import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InducedFailureParameterError } from './errors.ts';

/** What {@link createPercentageReader} needs. */
export interface PercentageReaderOptions {
  readonly parameter: string;
  readonly table: string;
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly now?: () => number;
  readonly cache_ms?: number;
}

/**
 * Creates a function that reads the parameter's percentage and keeps it for a moment.
 *
 * A sandbox serves one invocation at a time, so at most one read a second is sent, and a changed percentage is
 * honoured a second later. A failed read throws and is not kept: a workshop whose failures went missing without
 * a word would teach the wrong thing.
 *
 * @param options - where the parameter stands, and how long an answer is used
 * @returns a function that resolves to the percentage, 0 to 100; 0 where the parameter is absent; it throws
 *   {@link InducedFailureParameterError} where the value is no such number, and what the client throws
 */
export function createPercentageReader(options: PercentageReaderOptions): () => Promise<number> {
  const { parameter, table, client, now = () => performance.now(), cache_ms = 1_000 } = options;
  let cached: { readonly percentage: number; readonly expiresAt: number } | undefined;

  return async () => {
    const startedAt = now();
    if (cached !== undefined && startedAt < cached.expiresAt) {
      return cached.percentage;
    }
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { parameter: { S: parameter } }, ConsistentRead: true }),
    );
    const percentage = Item === undefined ? 0 : parsePercentage(parameter, Item['value']?.N);
    cached = { percentage, expiresAt: startedAt + cache_ms };
    return percentage;
  };
}

function parsePercentage(parameter: string, text: string | undefined): number {
  const percentage = Number(text);
  if (percentage >= 0 && percentage <= 100) {
    return percentage;
  }
  throw new InducedFailureParameterError(parameter);
}
