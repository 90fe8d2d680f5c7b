import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { checkOptions } from './check-options.ts';
import { InducedFailure } from './errors.ts';
import { createFailureSampler } from './failure-sampler.ts';
import { createPercentageReader } from './percentage-reader.ts';

/** Options of {@link inducedFailures} and {@link induceFailures}. */
export interface InducedFailuresOptions {
  /** Name of the parameter that holds the share of failing batches, such as `FAILURE_STATE_LAMBDA_PCT`. */
  readonly parameter: string;
  /** Name of the table with the key `parameter` (S) and the attribute `value` (N, percent, 0 to 100). */
  readonly table: string;
  /** Client for reading the table; its timeouts and attempts apply. */
  readonly client: Pick<DynamoDBClient, 'send'>;
  /** Same seed and parameter, same sequence of failures. Any safe integer; drawn at random if absent. */
  readonly seed?: number;
  /** Clock that dates the cached percentage, in milliseconds; default `performance.now`. */
  readonly now?: () => number;
  /** How long a percentage that was read is used, in milliseconds, 0 to 60,000; default 1,000. */
  readonly cache_ms?: number;
}

/** A Middy middleware, structurally, so that Middy 6 and 7 both take it. */
export interface InducedFailuresMiddleware {
  readonly before: () => Promise<undefined>;
}

/**
 * Fails a share of the invocations before the handler runs, as the workshop's parameter table asks for.
 *
 * @param options - {@link InducedFailuresOptions}; unknown names are refused
 * @returns a Middy middleware that throws {@link InducedFailure} in that share of the invocations
 * @throws TypeError when an option is missing, unknown or out of its range
 * @example
 * ```ts
 * import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
 * import middy from '@middy/core';
 * import { inducedFailures } from '@oncefold/function-kit';
 *
 * const failures = inducedFailures({
 *   parameter: 'FAILURE_STATE_LAMBDA_PCT',
 *   table: 'ParameterTable',
 *   client: new DynamoDBClient(),
 * });
 * export const handler = middy().use(failures).handler(async () => 'done');
 * ```
 */
export function inducedFailures(options: InducedFailuresOptions): InducedFailuresMiddleware {
  return { before: induceFailures(options) };
}

/**
 * Makes a function that fails a share of its calls, to be called where an invocation is to fail: once for each.
 *
 * Each invocation is drawn anew, also that of a batch that failed before.
 *
 * @param options - {@link InducedFailuresOptions}; unknown names are refused
 * @returns the function; it throws {@link InducedFailure} in that share of the calls
 * @throws TypeError when an option is missing, unknown or out of its range
 * @example
 * ```ts
 * import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
 * import { induceFailures } from '@oncefold/function-kit';
 *
 * const induceFailure = induceFailures({
 *   parameter: 'FAILURE_MAP_LAMBDA_PCT',
 *   table: 'ParameterTable',
 *   client: new DynamoDBClient(),
 * });
 * export const onCommitted = async (): Promise<void> => {
 *   await induceFailure();
 * };
 * ```
 */
export function induceFailures(options: InducedFailuresOptions): () => Promise<undefined> {
  checkOptions(options);
  const { parameter } = options;
  const readPercentage = createPercentageReader(options);
  const sampler = createFailureSampler({
    name: parameter,
    ...(options.seed !== undefined && { seed: options.seed }),
  });
  return async () => {
    if (sampler.fails(await readPercentage())) {
      throw new InducedFailure(parameter);
    }
  };
}
