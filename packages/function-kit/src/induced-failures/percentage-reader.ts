import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

/** A changed percentage is honored so much later; a sandbox serves one invocation at a time, so it reads no more often. */
const CACHE_MS = 1_000;

/** The parameter's item cannot be read as a percentage from 0 to 100. */
export class InducedFailureParameterError extends Error {
  override readonly name = 'InducedFailureParameterError';
  readonly code = 'invalid-percentage';

  constructor(parameter: string) {
    super(`The attribute "value" of the parameter ${parameter} must be a number from 0 to 100.`);
  }
}

export interface PercentageReaderOptions {
  /** Name of the parameter that holds the share of failing batches. */
  readonly parameter: string;
  /** Name of the table with the key `parameter` (S) and the attribute `value` (N, percent, 0 to 100). */
  readonly table: string;
  readonly client: Pick<DynamoDBClient, 'send'>;
  /** Dates the cached percentage, in milliseconds; `performance.now` by default. */
  readonly now?: () => number;
}

/**
 * Creates a function that reads the parameter's percentage and keeps it for a second.
 *
 * A failed read throws and is not kept: a workshop whose failures went missing without a word would teach the wrong thing.
 *
 * @returns a function that resolves to the percentage, 0 to 100; 0 where the parameter is absent; it throws
 *   {@link InducedFailureParameterError} where the value is no such number, and what the client throws
 */
export function createPercentageReader(options: PercentageReaderOptions): () => Promise<number> {
  const { parameter, table, client, now = () => performance.now() } = options;
  let cached: { readonly percentage: number; readonly expiresAtMs: number } | undefined;

  return async () => {
    const startedAtMs = now();
    if (cached !== undefined && startedAtMs < cached.expiresAtMs) {
      return cached.percentage;
    }
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { parameter: { S: parameter } }, ConsistentRead: true }),
    );
    const percentage = Item === undefined ? 0 : Number(Item['value']?.N);
    if (!(percentage >= 0 && percentage <= 100)) {
      throw new InducedFailureParameterError(parameter);
    }
    cached = { percentage, expiresAtMs: startedAtMs + CACHE_MS };
    return percentage;
  };
}
