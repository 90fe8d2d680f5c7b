import {
  type Engine,
  freshCredentials,
  type GuardedExit,
  LOCAL_ACCOUNT_ID,
  LOCAL_REGION,
  type LocalCredentials,
  startDynamoDb,
  startKinesis,
  startSqs,
} from '@oncefold/engines';
import { startStreamsEndpoint } from '../streams-endpoint/streams-endpoint.ts';
import type { Cleanup } from './cleanup.ts';
import { StartError } from './start-error.ts';

export interface EngineOptions {
  /** Region of everything local; default `us-east-1`. */
  readonly region?: string;
  /** Address of a DynamoDB that runs already. */
  readonly dynamodbEndpoint?: string;
  /** Address of a Kinesis that runs already. */
  readonly kinesisEndpoint?: string;
  /** Address of an SQS that runs already. */
  readonly sqsEndpoint?: string;
  /** The DynamoDB that is started; `auto` (default) takes what the machine can run. */
  readonly engine?: 'auto' | 'dynamodb-local' | 'dynoxide';
}

/** The engines that an application runs on, our own or somebody else's. */
export interface Engines {
  readonly dynamodb: string;
  /** DynamoDB Streams under the ARNs that functions, outputs and events carry. */
  readonly dynamodbStreams: string;
  readonly kinesis: string;
  /** Absent for an application without queues. */
  readonly sqs: string | undefined;
  readonly region: string;
  /** Never those of an AWS account: an access key of the application's own, so its tables are its own too. */
  readonly credentials: LocalCredentials;
  /** The engines that were started here; others belong to whoever started them. */
  readonly started: readonly Engine[];
  /** Resolves when one of the started engines ends although nobody stopped it. */
  readonly failed: Promise<Error>;
}

/** Starts the engines, except those that are running already. */
export async function startEngines(
  options: EngineOptions,
  context: { readonly signal: AbortSignal; readonly cleanup: Cleanup; readonly hasQueues: boolean },
): Promise<Engines> {
  const { signal, cleanup, hasQueues } = context;
  const start = async (begin: () => Promise<Engine>): Promise<Engine> => {
    const engine = await begin();
    cleanup.add(() => engine.stop());
    return engine;
  };
  const { engine = 'auto', region = LOCAL_REGION } = options;
  // One application has the engine to itself: a client whose region or access key is written in its code sees the same tables.
  const isShared = true;
  checkAddress('DynamoDB', options.dynamodbEndpoint);
  checkAddress('Kinesis', options.kinesisEndpoint);
  checkAddress('SQS', options.sqsEndpoint);
  // All are waited for even if one fails: an engine that is still starting must not escape its end.
  const [dynamodb, kinesis, sqs] = await Promise.allSettled([
    options.dynamodbEndpoint ?? start(() => startDynamoDb({ engine, isShared, signal })),
    options.kinesisEndpoint ?? start(() => startKinesis({ region, signal })),
    hasQueues ? (options.sqsEndpoint ?? start(() => startSqs({ region, signal }))) : undefined,
  ]);
  const running = [
    engineOf(dynamodb, 'DynamoDB'),
    engineOf(kinesis, 'Kinesis'),
    engineOf(sqs, 'SQS'),
  ] as const;
  const started = running.filter((each) => typeof each === 'object');
  const streams = await startStreamsEndpoint({
    engine: addressOf(running[0]),
    region,
    accountId: LOCAL_ACCOUNT_ID,
  });
  cleanup.add(() => streams.close());
  return {
    dynamodb: addressOf(running[0]),
    dynamodbStreams: streams.endpoint,
    kinesis: addressOf(running[1]),
    sqs: running[2] === undefined ? undefined : addressOf(running[2]),
    region,
    credentials: freshCredentials(),
    started,
    failed: Promise.race(started.map((each) => each.exited.then((exit) => ended(each, exit)))),
  };
}

function checkAddress(name: string, address: string | undefined): void {
  if (address !== undefined && !URL.canParse(address)) {
    throw new StartError(`the address of ${name} is no URL: '${address}'`, { code: 'engine-not-started' });
  }
}

function engineOf<Value>(result: PromiseSettledResult<Value>, name: string): Value {
  if (result.status === 'fulfilled') {
    return result.value;
  }
  const reason = result.reason instanceof Error ? result.reason.message : String(result.reason);
  throw new StartError(`${name} could not be started: ${reason}`, {
    code: 'engine-not-started',
    cause: result.reason,
  });
}

function addressOf(engine: Engine | string): string {
  return typeof engine === 'string' ? engine : engine.endpoint;
}

function ended(engine: Engine, { code, signal }: GuardedExit): Error {
  const how = signal ?? `exit status ${code ?? 0}`;
  return new Error(
    `${engine.name} (process ${engine.pid}) has ended unexpectedly (${how}); its last output: ${engine.lastOutput() || '(none)'}`,
  );
}
