import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { checkOptions } from './check-options.ts';
import { InducedFailure } from './errors.ts';
import { createFailureSampler } from './failure-sampler.ts';
import { createPercentageReader } from './percentage-reader.ts';

/** Options of {@link inducedFailures}. */
export interface InducedFailuresOptions {
  /** Name of the parameter that holds the share of failing batches, such as `FAILURE_STATE_LAMBDA_PCT`. */
  readonly parameter: string;
  /** `before`: the invocation fails before the handler ran; `after`: it fails after the handler's work is done. */
  readonly when: 'before' | 'after';
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
  /** Present with `when: 'before'`. */
  readonly before?: () => Promise<undefined>;
  /** Present with `when: 'after'`. */
  readonly after?: () => Promise<undefined>;
}

/**
 * Fails a share of the invocations, as the workshop's parameter table asks for.
 *
 * Each invocation is drawn anew, also that of a batch that failed before. With `when: 'after'` the
 * middleware must be the first that is used: Middy runs `after` in reverse order, so that all of the
 * handler's writes are done, the commit included, when the invocation fails.
 *
 * @param options - {@link InducedFailuresOptions}; unknown names are refused
 * @returns a Middy middleware that throws {@link InducedFailure} in that share of the invocations
 * @throws TypeError when an option is missing, unknown or out of its range
 * @example
 * ```ts
 * import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
 * import middy from '@middy/core';
 * import { inducedFailures } from '@oncefold/induced-failures';
 *
 * const failures = inducedFailures({
 *   parameter: 'FAILURE_MAP_LAMBDA_PCT',
 *   when: 'after',
 *   table: 'ParameterTable',
 *   client: new DynamoDBClient(),
 * });
 * export const handler = middy().use(failures).handler(async () => 'done');
 * ```
 */
export function inducedFailures(options: InducedFailuresOptions): InducedFailuresMiddleware {
  checkOptions(options);
  const { parameter, when } = options;
  const readPercentage = createPercentageReader(options);
  const sampler = createFailureSampler({
    name: parameter,
    ...(options.seed !== undefined && { seed: options.seed }),
  });

  const failShareOfInvocations = async (): Promise<undefined> => {
    if (sampler.fails(await readPercentage())) throw new InducedFailure(parameter);
  };
  return when === 'before' ? { before: failShareOfInvocations } : { after: failShareOfInvocations };
}
