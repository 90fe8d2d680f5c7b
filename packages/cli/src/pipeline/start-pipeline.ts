import { dirname, join, resolve } from 'node:path';
import { createLocalClients, LOCAL_REGION, type LocalClients } from '@oncefold/engines';
import type { FunctionBundle, RunningApplication, RuntimeEvent } from '@oncefold/local-runtime';
import { deploy, startApplication } from '@oncefold/local-runtime';
import { type Application, type FunctionResource, readTemplate } from '@oncefold/sam-template';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { describeFailure } from '../command-line/describe-failure.ts';
import type { Lifetime } from '../command-line/lifetime.ts';
import { buildFunctions, repository } from './build-functions.ts';
import { chooseRuntimeClient } from './choose-runtime-client.ts';
import { findBundle } from './find-bundle.ts';
import type { PipelineOptions } from './pipeline-options.ts';
import { runnableApplication } from './runnable-application.ts';
import { type Engines, startEngines } from './start-engines.ts';
import { type RunningFaults, startFaults } from './start-faults.ts';

/** A pipeline that runs until the command's life ends. */
export interface Pipeline {
  readonly application: Application;
  readonly engines: Engines;
  readonly clients: LocalClients;
  readonly running: RunningApplication;
  /** Present when faults are injected. */
  readonly faults: RunningFaults | undefined;
  /** Resolves with the reason when an engine or the application ends although nobody asked for it. */
  readonly failed: Promise<Error>;
}

/** The account that local resource names carry. */
const accountId = '000000000000';

/** The names that producers and dashboards of the lab know, and new tables: there is nothing of release 0.1.0 in them. */
const OWN_PARAMETERS = { Names: 'lab', FormerKeys: 'false' };

/**
 * Starts engines, creates what the template describes, and feeds its functions from its streams.
 *
 * @param context.lifetime - stops everything at its end, in reverse order
 */
export async function startPipeline(
  options: PipelineOptions,
  context: {
    readonly lifetime: Lifetime;
    readonly parameters: Readonly<Record<string, string>>;
    readonly environment: Readonly<Record<string, string>>;
    readonly beforeStart: (created: {
      readonly application: Application;
      readonly clients: LocalClients;
    }) => Promise<void>;
    readonly watch?: boolean;
    readonly onEvent: (event: RuntimeEvent) => void;
  },
): Promise<Pipeline> {
  const { lifetime } = context;
  const own = options.template === undefined;
  const file = own ? join(repository, 'template.yaml') : resolve(options.template);
  const described = await attempt('read the template', () =>
    readTemplate({
      file,
      parameterOverrides: {
        ...(own ? OWN_PARAMETERS : {}),
        ...context.parameters,
        ...options.parameterOverrides,
      },
      region: LOCAL_REGION,
      accountId,
    }),
  );
  const application = runnableApplication(described);
  const runtimeClient = chooseRuntimeClient(options.runtimeClient, dirname(file));
  // Whoever owns us has built the functions just before.
  const building = own && !lifetime.hasOwner ? buildFunctions(context) : Promise.resolve();
  const [engines] = await bothOf(startEngines(options, context), building);
  const clients = createLocalClients({
    dynamodbEndpoint: engines.dynamodb,
    kinesisEndpoint: engines.kinesis,
    credentials: engines.credentials,
  });
  lifetime.onEnd(async () => {
    for (const client of Object.values(clients)) {
      client.destroy();
    }
  });
  const where = `${engines.dynamodb} and ${engines.kinesis}`;
  const deployment = await attempt(
    'create the tables and streams',
    () => deploy(application, clients, lifetime.signal),
    where,
  );
  await context.beforeStart({ application, clients });
  const bundles = new Map<string, FunctionBundle>();
  const findCode = (resource: FunctionResource): FunctionBundle =>
    findBundle(resource, dirname(file), own ? 'newest' : 'sam-build');
  for (const resource of application.functions) {
    bundles.set(resource.logicalId, findCode(resource));
  }
  const { dynamodb } = engines;
  const faults =
    options.fault === undefined ? undefined : await startFaults(options.fault, { ...context, dynamodb });
  lifetime.signal.throwIfAborted();
  const running = await attempt('start the functions', () =>
    startApplication({
      application,
      deployment,
      access: { ...engines, accountId },
      bundles: (resource) => bundles.get(resource.logicalId) ?? findCode(resource),
      environment: (resource) => declaredOnly(context.environment, resource.environment),
      onEvent: context.onEvent,
      runtimeClient,
      watch: context.watch ?? false,
      ...(faults === undefined ? {} : { faults: faults.application }),
    }),
  );
  lifetime.onEnd(() => running.stop());
  const failed = Promise.race([engines.failed, running.failed]).then(
    (cause) => new CouldNotRunError(`the pipeline has failed: ${cause.message}`, { cause }),
  );
  return { application, engines, clients, running, faults, failed };
}

/** Waits for both even if one fails: what is half started must not escape the command's end. */
async function bothOf<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<readonly [First, Second]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

async function attempt<Value>(what: string, work: () => Promise<Value>, endpoint?: string): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw describeFailure(error, { what, endpoint });
  }
}

/** A function gets only what its template has a place for, as in a deployed stack. */
function declaredOnly(
  wanted: Readonly<Record<string, string>>,
  declared: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => Object.hasOwn(declared, name)));
}
