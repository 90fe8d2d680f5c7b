import {
  type Engine,
  freshCredentials,
  LOCAL_REGION,
  type LocalCredentials,
  startDynamoDb,
  startKinesis,
} from '@oncefold/engines';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import type { Lifetime } from '../command-line/lifetime.ts';
import type { PipelineOptions } from './pipeline-options.ts';

/** The engines that a pipeline runs on, our own or somebody else's. */
export interface Engines {
  readonly dynamodb: string;
  readonly kinesis: string;
  readonly region: string;
  /** Never those of an AWS account: an access key of the pipeline's own, so its tables are its own too. */
  readonly credentials: LocalCredentials;
  /** The engines that were started here; others belong to whoever started them. */
  readonly started: readonly Engine[];
  /** Resolves when one of the started engines ends although nobody stopped it. */
  readonly failed: Promise<Error>;
}

/** Starts the engines, except those that are running already. */
export async function startEngines(
  options: Pick<PipelineOptions, 'dynamodbEndpoint' | 'kinesisEndpoint' | 'engine'>,
  context: { readonly lifetime: Lifetime },
): Promise<Engines> {
  const { lifetime } = context;
  // The signal ends a start only. An engine that runs is stopped last, so that functions can still end their work.
  const starting = new AbortController();
  const abort = (): void => starting.abort(lifetime.signal.reason);
  lifetime.signal.throwIfAborted();
  lifetime.signal.addEventListener('abort', abort, { once: true });
  const start = async (begin: (signal: AbortSignal) => Promise<Engine>): Promise<Engine> => {
    const engine = await begin(starting.signal);
    lifetime.onEnd(() => engine.stop());
    return engine;
  };
  // Both are waited for even if one fails: an engine that is still starting must not escape its end.
  const [dynamodb, kinesis] = await Promise.allSettled([
    options.dynamodbEndpoint ?? start((signal) => startDynamoDb({ engine: options.engine, signal })),
    options.kinesisEndpoint ?? start((signal) => startKinesis({ signal })),
  ]);
  lifetime.signal.removeEventListener('abort', abort);
  const running = [engineOf(dynamodb, 'DynamoDB'), engineOf(kinesis, 'Kinesis')] as const;
  const started = running.filter((engine) => typeof engine !== 'string');
  return {
    dynamodb: addressOf(running[0]),
    kinesis: addressOf(running[1]),
    region: LOCAL_REGION,
    credentials: freshCredentials(),
    started,
    failed: Promise.race(started.map((engine) => engine.exited.then(() => ended(engine)))),
  };
}

function engineOf<Value>(result: PromiseSettledResult<Value>, name: string): Value {
  if (result.status === 'fulfilled') {
    return result.value;
  }
  const reason = result.reason instanceof Error ? result.reason.message : String(result.reason);
  throw new CouldNotRunError(`${name} could not be started: ${reason}`, { cause: result.reason });
}

function addressOf(engine: Engine | string): string {
  return typeof engine === 'string' ? engine : engine.endpoint;
}

function ended(engine: Engine): Error {
  return new Error(`${engine.name} (process ${engine.pid}) has ended unexpectedly`);
}
