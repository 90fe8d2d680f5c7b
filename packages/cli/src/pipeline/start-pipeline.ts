import { join, resolve } from 'node:path';
import {
  type RuntimeEvent,
  type StartApplicationOptions,
  StartError,
  type StartedApplication,
  startApplication,
} from '@oncefold/local-runtime';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { describeFailure } from '../command-line/describe-failure.ts';
import type { Lifetime } from '../command-line/lifetime.ts';
import { buildFunctions, repository } from './build-functions.ts';
import type { PipelineOptions } from './pipeline-options.ts';

/** A pipeline that runs until the command's life ends. */
export type Pipeline = Omit<StartedApplication, 'stop'> & {
  /** Says whether everything written by then, in milliseconds since the epoch, has gone through, so that no sum changes any more. */
  isIdle(sinceMs: number): boolean;
};

/** The names that producers and dashboards of the lab know, and new tables: there is nothing of release 0.1.0 in them. */
const OWN_PARAMETERS = { Names: 'lab', FormerKeys: 'false' };

/**
 * Starts this repository's pipeline, or the application of another template.
 *
 * @param context.lifetime - stops everything at its end
 */
export async function startPipeline(
  options: PipelineOptions,
  context: {
    readonly lifetime: Lifetime;
    readonly parameters: Readonly<Record<string, string>>;
    readonly environment: Readonly<Record<string, string>>;
    readonly functionVariables?: StartApplicationOptions['functionVariables'];
    readonly runFunctions?: boolean;
    readonly onRead?: StartApplicationOptions['onRead'];
    readonly beforeStart: NonNullable<StartApplicationOptions['onDeployed']>;
    readonly watch?: boolean;
    /** Address of Invoke, for functions that invoke others. */
    readonly lambdaEndpoint?: string;
    readonly onEvent: (event: RuntimeEvent) => void;
    readonly onCall?: NonNullable<StartApplicationOptions['onCall']>;
  },
): Promise<Pipeline> {
  const { lifetime } = context;
  const { template, fault, dynamodbEndpoint, kinesisEndpoint, sqsEndpoint, region, stackName } = options;
  const { functionVariables, onRead } = context;
  const own = template === undefined;
  const started = await start({
    template: own ? join(repository, 'template.yaml') : resolve(template),
    parameters: {
      ...(own ? OWN_PARAMETERS : {}),
      ...context.parameters,
      ...options.parameterOverrides,
    },
    environment: context.environment,
    ...(region === undefined ? {} : { region }),
    ...(stackName === undefined ? {} : { stackName }),
    ...(functionVariables === undefined ? {} : { functionVariables }),
    ...(onRead === undefined ? {} : { onRead }),
    runFunctions: context.runFunctions ?? true,
    ...(dynamodbEndpoint === undefined ? {} : { dynamodbEndpoint }),
    ...(kinesisEndpoint === undefined ? {} : { kinesisEndpoint }),
    ...(sqsEndpoint === undefined ? {} : { sqsEndpoint }),
    engine: options.engine,
    runtimeClient: options.runtimeClient,
    code: own ? 'newest' : 'sam-build',
    ...(fault === undefined ? {} : { faults: fault }),
    watch: context.watch ?? false,
    lambdaEndpoint: context.lambdaEndpoint,
    ...(own ? { build: () => buildFunctions(context) } : {}),
    onDeployed: context.beforeStart,
    onEvent: context.onEvent,
    ...(context.onCall === undefined ? {} : { onCall: context.onCall }),
    signal: lifetime.signal,
  });
  lifetime.onEnd(() => started.stop());
  const failed = started.failed.then(
    (cause) => new CouldNotRunError(`the pipeline has failed: ${cause.message}`, { cause }),
  );
  const { running } = started;
  return {
    ...started,
    faults: faultsOf(started),
    failed,
    // Our functions keep nothing in a tumbling window, which a local stream holds open for a minute; those of others may.
    isIdle: own ? running.isAtRest : running.isIdle,
  };
}

async function start(options: StartApplicationOptions): Promise<StartedApplication> {
  try {
    return await startApplication(options);
  } catch (error) {
    throw error instanceof StartError ? describeStart(error) : error;
  }
}

function describeStart(error: StartError): CouldNotRunError {
  const { code, endpoint, cause } = error;
  switch (code) {
    case 'template-refused':
      return describeFailure(cause, { what: 'read the template' });
    case 'not-deployed':
      return describeFailure(cause, { what: 'create the tables, streams and queues', endpoint });
    case 'functions-not-started':
      return describeFailure(cause, { what: 'start the functions' });
    case 'runtime-client-missing':
      return new CouldNotRunError(`${error.message}; install it there, or leave --runtime-client out`, {
        cause,
      });
    case 'node-too-old':
    case 'engine-not-started':
    case 'function-not-built':
    case 'runtime-not-installed':
      return new CouldNotRunError(error.message, { cause });
  }
}

function faultsOf({ faults }: StartedApplication): Pipeline['faults'] {
  return (
    faults && {
      ...faults,
      injected() {
        try {
          return faults.injected();
        } catch (cause) {
          throw new CouldNotRunError(cause instanceof Error ? cause.message : String(cause), { cause });
        }
      },
    }
  );
}
