import { dirname, resolve } from 'node:path';
import { createLocalClients, LOCAL_ACCOUNT_ID, LOCAL_REGION, type LocalClients } from '@oncefold/engines';
import {
  type Application,
  type DeployedValues,
  type FunctionResource,
  readTemplate,
} from '@oncefold/sam-template';
import { runApplication } from '../application/run-application.ts';
import type { FunctionBundle, ObservedCall, RunningApplication } from '../application/running-application.ts';
import type { RuntimeEvent } from '../application/runtime-event.ts';
import { deploy } from '../deployment/deploy.ts';
import { deployedValues } from '../deployment/deployed-values.ts';
import type { FaultSettings } from '../fault-injection/fault-settings.ts';
import { createInlineCodeFolders } from '../functions/inline-code-folders.ts';
import { createLayerFolders } from '../functions/layers/layer-folders.ts';
import type { RuntimeClientChoice } from '../functions/runtime-interface-client.ts';
import { cacheDirectory } from '../functions/runtimes/cache-directory.ts';
import { startUnemulatedServices } from '../functions/unemulated-services/unemulated-services.ts';
import { asError } from '../streams/stream-source.ts';
import { chooseRuntimeClient } from './choose-runtime-client.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { findFunctions } from './find-functions.ts';
import { runnableApplication, withoutFunctions } from './runnable-application.ts';
import { type EngineOptions, type Engines, startEngines } from './start-engines.ts';
import { attempt } from './start-error.ts';
import { type RunningFaults, startFaults } from './start-faults.ts';
import { withSamBuild } from './with-sam-build.ts';

/** An application of a SAM template, on engines of its own or of others. */
export interface StartedApplication {
  /** The functions that run, and all tables, streams and queues. */
  readonly application: Application;
  /** Where the code of each function was found, by logical id. */
  readonly code: ReadonlyMap<string, FunctionBundle>;
  readonly engines: Engines;
  readonly clients: LocalClients;
  readonly running: RunningApplication;
  /** Present when faults are injected. */
  readonly faults: RunningFaults | undefined;
  /** Resolves with the reason when an engine or the application ends although nobody asked for it; never rejects. */
  readonly failed: Promise<Error>;
  /** Stops the functions, then the engines that were started for them. May be called again. */
  stop(): Promise<void>;
}

export interface StartApplicationOptions extends EngineOptions {
  /** Path of the SAM template. */
  readonly template: string;
  /** Values of the template's parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Value of `AWS::StackName`; default `oncefold`. */
  readonly stackName?: string;
  /** Values of the functions' variables, for each function that declares them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables of one function, declared or not; they win over {@link StartApplicationOptions.environment}. */
  readonly functionVariables?: (resource: FunctionResource) => Readonly<Record<string, string>>;
  /** `false` creates tables and streams, and runs no function. */
  readonly runFunctions?: boolean;
  /** What runs the handlers; `auto` (default) is Amazon's client where the project has it installed. */
  readonly runtimeClient?: RuntimeClientChoice;
  /** Which code of a function is run: that of `sam build` where there is one (default), or the newest. */
  readonly code?: 'sam-build' | 'newest';
  readonly faults?: FaultSettings;
  /** Takes a function's code anew when it has changed; then a function that breaks does not end the application. */
  readonly watch?: boolean;
  /** Where what the functions' runtimes need is installed; a folder `oncefold` in the person's cache folder by default. */
  readonly cacheDirectory?: string;
  /** Address of Invoke, for functions that invoke others. */
  readonly lambdaEndpoint?: string | undefined;
  /** Makes the code of the functions, while the engines start. */
  readonly build?: () => Promise<void>;
  /** Called when the template has been read, before anything is started; what it throws ends the start. */
  readonly onRead?: (application: Application) => void;
  /** Called when the tables, streams and queues exist, before the functions are started. */
  readonly onDeployed?: (deployed: {
    readonly application: Application;
    readonly clients: LocalClients;
  }) => Promise<void>;
  /** Takes every event, in order; it must not throw. */
  readonly onEvent?: (event: RuntimeEvent) => void;
  /** Takes every invocation of a mapping with its payload, before the event of its end; it must not throw. */
  readonly onCall?: (call: ObservedCall) => void;
  /** Ends the start; an application that runs is stopped by {@link StartedApplication.stop}. */
  readonly signal?: AbortSignal;
}

/**
 * Starts engines, creates what a SAM template describes, and feeds its functions from its streams and queues.
 *
 * @throws {@link StartError} when a step fails; what was started until then has been stopped
 * @throws the signal's reason when it is aborted before the application runs
 */
export async function startApplication(options: StartApplicationOptions): Promise<StartedApplication> {
  const { signal } = options;
  signal?.throwIfAborted();
  const cleanup = createCleanup();
  // The signal ends the start only: engines are stopped last, so that functions can still end their work.
  const starting = new AbortController();
  const abort = (): void => starting.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await start(options, { signal: starting.signal, cleanup });
  } catch (error) {
    try {
      await cleanup.run();
    } catch (stopError) {
      throw new AggregateError([error, stopError], asError(error).message);
    }
    // What was interrupted is a consequence, not the reason.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function start(
  options: StartApplicationOptions,
  context: { readonly signal: AbortSignal; readonly cleanup: Cleanup },
): Promise<StartedApplication> {
  const { signal, cleanup } = context;
  const { onEvent = () => {} } = options;
  const file = resolve(options.template);
  const directory = dirname(file);
  const described = await readBeforeDeployment(file, options);
  options.onRead?.(described);
  const hasQueues = described.queues.length > 0;
  const runtimeClient = chooseRuntimeClient(options.runtimeClient ?? 'auto', directory);
  const layerFolders = createLayerFolders();
  cleanup.add(() => layerFolders.remove());
  const inlineCode = createInlineCodeFolders();
  cleanup.add(() => inlineCode.remove());
  const findCode = async (): Promise<ReadonlyMap<string, FunctionBundle>> => {
    await options.build?.();
    return findFunctions(described.functions, {
      templateDirectory: directory,
      code: options.code ?? 'sam-build',
      cacheDirectory: options.cacheDirectory ?? cacheDirectory(process.env),
      layerFolders,
      inlineCode,
      onNotice: (functionId, message) => onEvent({ type: 'notice', functionId, message, at: Date.now() }),
      signal,
    });
  };
  const [engines, bundles] = await bothOf(startEngines(options, { ...context, hasQueues }), findCode());
  const clients = connect(engines, cleanup);
  const endpoint = [engines.dynamodb, engines.kinesis, engines.sqs].filter((each) => each !== undefined);
  const deployment = await attempt(
    'create the tables, streams and queues',
    { code: 'not-deployed', endpoint: endpoint.join(' and ') },
    () => deploy(described, clients, signal),
  );
  const access = { ...engines, accountId: LOCAL_ACCOUNT_ID };
  // ARNs of tables' streams and addresses of queues are known only now, and functions may be given them.
  const application = await readApplication(file, options, deployedValues(deployment, access));
  await Promise.all(application.functions.map((resource) => inlineCode.place(resource)));
  await options.onDeployed?.({ application, clients });
  const { dynamodb } = engines;
  const faults =
    options.faults === undefined
      ? undefined
      : await startFaults(options.faults, { cleanup, onEvent, dynamodb });
  const services = await startUnemulatedServices((call) =>
    onEvent({ type: 'unemulated-service-called', ...call, at: Date.now() }),
  );
  cleanup.add(() => services.close());
  signal.throwIfAborted();
  const running = await attempt('start the functions', { code: 'functions-not-started' }, () =>
    runApplication({
      application,
      deployment,
      access: { ...access, lambda: options.lambdaEndpoint },
      bundles: ({ logicalId }) => bundleOf(logicalId, bundles),
      cacheDirectory: options.cacheDirectory,
      environment: (resource) => variablesOf(resource, options),
      defaultEndpoint: (resource) => services.endpoint(resource.logicalId),
      onEvent,
      onCall: options.onCall,
      runtimeClient,
      watch: options.watch ?? false,
      signal,
      ...(faults === undefined ? {} : { faults: faults.application }),
    }),
  );
  cleanup.add(() => running.stop());
  const ends = watchEnds(Promise.race([engines.failed, running.failed]), cleanup);
  return { application, code: bundles, engines, clients, running, faults, ...ends };
}

/** Tells an end that nobody asked for from a stop: engines end when they are stopped, too. */
function watchEnds(
  ended: Promise<Error>,
  cleanup: Pick<Cleanup, 'run'>,
): Pick<StartedApplication, 'failed' | 'stop'> {
  let isStopping = false;
  const failed = new Promise<Error>((resolve) => {
    void ended.then((error) => isStopping || resolve(error));
  });
  return {
    failed,
    stop() {
      isStopping = true;
      return cleanup.run();
    },
  };
}

/** Reads the template while its queues have no addresses: a reference to one is not unknown, it is known later. */
function readBeforeDeployment(file: string, options: StartApplicationOptions): Promise<Application> {
  const { onEvent } = options;
  return readApplication(
    file,
    options,
    { queueUrls: { get: (logicalId) => logicalId } },
    (functionId, message) => onEvent?.({ type: 'notice', functionId, message, at: Date.now() }),
  );
}

/** Reads what is to run: what the template says, with the code that `sam build` has made of it. */
async function readApplication(
  file: string,
  options: StartApplicationOptions,
  deployed: DeployedValues,
  onNotice?: (functionId: string, message: string) => void,
): Promise<Application> {
  const { region = LOCAL_REGION, stackName = 'oncefold', code = 'sam-build' } = options;
  const parameterOverrides = options.parameters ?? {};
  const read = (path: string): Promise<Application> =>
    readTemplate({
      file: path,
      parameterOverrides,
      region,
      accountId: LOCAL_ACCOUNT_ID,
      stackName,
      deployed,
    });
  const described = await attempt('read the template', { code: 'template-refused' }, () => read(file));
  if (options.runFunctions === false) {
    return withoutFunctions(described);
  }
  const runnable = runnableApplication(described);
  return code === 'sam-build' ? withSamBuild(runnable, { file, read, onNotice }) : runnable;
}

function bundleOf(logicalId: string, bundles: ReadonlyMap<string, FunctionBundle>): FunctionBundle {
  const bundle = bundles.get(logicalId);
  if (bundle === undefined) {
    throw new Error(`invariant: the code of ${logicalId} was not looked for`);
  }
  return bundle;
}

function connect(engines: Engines, cleanup: Cleanup): LocalClients {
  const clients = createLocalClients({
    dynamodbEndpoint: engines.dynamodb,
    kinesisEndpoint: engines.kinesis,
    sqsEndpoint: engines.sqs,
    region: engines.region,
    credentials: engines.credentials,
  });
  cleanup.add(async () => {
    for (const client of Object.values(clients)) {
      client.destroy();
    }
  });
  return clients;
}

/** Waits for both even if one fails: what is half started must not escape the end. */
async function bothOf<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<readonly [First, Second]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

/** A function gets only what its template has a place for, as in a deployed stack, and what is meant for it alone. */
function variablesOf(
  resource: FunctionResource,
  { environment = {}, functionVariables }: StartApplicationOptions,
): Readonly<Record<string, string>> {
  const declared = Object.entries(environment).filter(([name]) => Object.hasOwn(resource.environment, name));
  return { ...Object.fromEntries(declared), ...functionVariables?.(resource) };
}
