import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Environment } from '../environment/environment.ts';
import { createFailureSampler } from './failure-sampler.ts';
import { createPercentageReader, type PercentageReaderOptions } from './percentage-reader.ts';

/** The failure that the workshop asks for; it fails the invocation, so the event source mapping delivers the batch again. */
export class InducedFailure extends Error {
  override readonly name = 'InducedFailure';
  readonly code = 'induced-failure';
  /** Name of the parameter whose percentage called for this failure. */
  readonly parameter: string;

  constructor(parameter: string) {
    super(`Failure induced by the parameter ${parameter}.`);
    this.parameter = parameter;
  }
}

export interface InducedFailuresOptions extends PercentageReaderOptions {
  /** Same seed and parameter, same sequence of failures. Any safe integer; drawn at random if absent. */
  readonly seed?: number | undefined;
}

/**
 * Makes a function that fails a share of its calls, to be called once in each invocation, where it is to fail.
 *
 * Each invocation is drawn anew, also that of a batch that failed before.
 *
 * @returns the function; it throws {@link InducedFailure} in that share of the calls
 */
export function induceFailures(options: InducedFailuresOptions): () => Promise<undefined> {
  const { parameter, seed } = options;
  const readPercentage = createPercentageReader(options);
  const sampler = createFailureSampler({ name: parameter, seed });
  return async () => {
    if (sampler.fails(await readPercentage())) {
      throw new InducedFailure(parameter);
    }
  };
}

/**
 * Makes the function's {@link induceFailures} from its environment; it never fails unless `INDUCED_FAILURES` is true.
 *
 * @param options.parameter - name of the parameter with this function's percentage, such as `FAILURE_STATE_LAMBDA_PCT`
 * @throws {@link EnvironmentError} when a variable is missing or wrong
 */
export function composeInducedFailures(
  environment: Environment,
  options: { readonly parameter: string; readonly client: DynamoDBClient },
): () => Promise<undefined> {
  if (!environment.flag('INDUCED_FAILURES')) {
    return async () => undefined;
  }
  return induceFailures({
    ...options,
    table: environment.text('PARAMETER_TABLE'),
    seed: environment.optionalInteger('INDUCED_FAILURE_SEED', {
      min: Number.MIN_SAFE_INTEGER,
      max: Number.MAX_SAFE_INTEGER,
    }),
  });
}
