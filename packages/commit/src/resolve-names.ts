import { identityKey } from '@oncefold/request-token';
import { StrategyError } from './errors.ts';

/** The names that every identity begins with. Both default to the name of the Lambda function. */
export interface Names {
  /** Separates stacks that share a table. Default: the name of the Lambda function. */
  readonly namespace?: string | undefined;
  /**
   * The name under which this function consumes its stream or queue. Default: the name of the Lambda function. A function that is given
   * another name, or replaced by another one, is another consumer and knows nothing of what was applied: name both before that.
   */
  readonly consumer?: string | undefined;
}

/** The names, both of them. */
export interface ResolvedNames {
  readonly namespace: string;
  readonly consumer: string;
}

/**
 * Completes the names from the environment, and refuses names that no identity can be made of, when a guard is made and not at
 * the first batch.
 *
 * @param owner - who takes the names, for messages
 * @throws {@link StrategyError} naming the owner and the option
 */
export function resolveNames(owner: string, { namespace, consumer }: Names): ResolvedNames {
  const names = {
    namespace: namespace ?? functionName(owner, 'namespace'),
    consumer: consumer ?? functionName(owner, 'consumer'),
  };
  try {
    identityKey({ ...names, source: 'any', id: 'any' });
  } catch (error) {
    throw new StrategyError(`${owner}: ${(error as Error).message}`, { cause: error });
  }
  return names;
}

/** Lambda sets it in every function; there is no process in a browser. */
function functionName(owner: string, option: string): string {
  const name = typeof process === 'undefined' ? undefined : process.env['AWS_LAMBDA_FUNCTION_NAME'];
  if (name === undefined || name === '') {
    throw new StrategyError(
      `${owner}: the option ${option} is missing, and outside of a Lambda function no AWS_LAMBDA_FUNCTION_NAME stands in for it: give the option, or set the variable`,
    );
  }
  return name;
}
