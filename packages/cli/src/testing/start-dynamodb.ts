/// <reference lib="esnext.disposable" preserve="true" />
import { startDynamoDb as startEngine } from '@oncefold/engines';
import { StartError } from '@oncefold/local-runtime/published-types';
import { refuseOldNode } from './refuse-old-node.ts';

/** A DynamoDB that several applications may share: each has an access key, and so tables, of its own. */
export interface SharedDynamoDb extends AsyncDisposable {
  /** Give it to the applications as `dynamodbEndpoint`. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts DynamoDB Local once for a whole run of tests, which takes longer than everything else.
 *
 * @throws {@link StartError} when there is no Java (without it, each application starts an engine of its own), or Node.js is too old
 */
export async function startDynamoDb(): Promise<SharedDynamoDb> {
  refuseOldNode();
  // dynoxide keeps no tables apart.
  const engine = await startEngine({ engine: 'dynamodb-local' }).catch((cause: Error) => {
    throw new StartError(`DynamoDB could not be started: ${cause.message}`, {
      code: 'engine-not-started',
      cause,
    });
  });
  const stop = (): Promise<void> => engine.stop();
  return { endpoint: engine.endpoint, stop, [Symbol.asyncDispose]: stop };
}
