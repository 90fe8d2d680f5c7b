import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { composeInducedFailures } from '../induced-failures/induce-failures.ts';
import { composeVersionMetrics, type Shares } from '../metrics/version-metrics.ts';
import { createDynamoDbClient } from './create-dynamodb-client.ts';
import { type Environment, EnvironmentError } from './environment.ts';

export const REQUEST_TIMEOUT_MS = 5_000;

/** Requests in flight at once: beyond four, two cores of a local engine gain nothing. */
export const REQUESTS_MAX = 4;

/** The limit of `identityKey`. */
const NAME_BYTES_MAX = 255;

/** What the functions of all stages have in common: state, map and reduce. */
export interface Stage {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Publishes what this version of the function refuses, where a gradual deployment is watched. */
  readonly publishVersionMetrics: (shares: Shares) => void;
  readonly client: DynamoDBClient;
  /** Separates stacks that share a table. */
  readonly namespace: string;
  /** The name under which the function consumes its stream. */
  readonly consumer: string;
  readonly induceFailure: () => Promise<undefined>;
}

/**
 * Builds what the functions of all stages have in common.
 *
 * @param options.failureParameter - name of the parameter with this function's percentage of induced failures
 * @param options.attemptsMax - how often the SDK itself sends one request; 1 where the caller retries
 * @throws {@link EnvironmentError} when a variable is missing or wrong
 */
export function composeStage(
  environment: Environment,
  options: { readonly failureParameter: string; readonly attemptsMax: number },
): Stage {
  const client = createDynamoDbClient({
    attemptsMax: options.attemptsMax,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    connectionsMax: REQUESTS_MAX,
  });
  return {
    logger: new Logger(),
    metrics: new Metrics(),
    publishVersionMetrics: composeVersionMetrics(environment),
    client,
    namespace: readName(environment, 'NAMESPACE'),
    consumer: readName(environment, 'CONSUMER'),
    induceFailure: composeInducedFailures(environment, { parameter: options.failureParameter, client }),
  };
}

/** A part of every identity, which takes well-formed and short text only. */
function readName(environment: Environment, variable: string): string {
  const text = environment.text(variable);
  if (text.isWellFormed() && Buffer.byteLength(text) <= NAME_BYTES_MAX) {
    return text;
  }
  throw new EnvironmentError(`${variable} must be well-formed text of at most ${NAME_BYTES_MAX} bytes`);
}
