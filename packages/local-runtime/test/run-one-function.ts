import { fileURLToPath } from 'node:url';
import { LOCAL_REGION } from '@oncefold/engines';
import type { Application, FunctionResource, MappingResource } from '@oncefold/sam-template';
import { runApplication } from '../src/application/run-application.ts';
import type { RunApplicationOptions, RunningApplication } from '../src/application/running-application.ts';
import type { RuntimeEvent } from '../src/application/runtime-event.ts';
import { FUNCTION_DEFAULTS } from './lambda-defaults.ts';

const HANDLERS: string = fileURLToPath(new URL('./fixtures/handlers', import.meta.url));

/** A running function, with the events of its application. */
export interface RunningFunction {
  readonly running: RunningApplication;
  readonly events: RuntimeEvent[];
  /** What the handler wrote, parsed. */
  logged<Line>(): Line[];
}

/** Runs a handler of `fixtures/handlers`, fed by one mapping from what is deployed already. */
export async function runOneFunction({
  resource,
  mapping,
  queues = [],
  endpoints,
  credentials,
  ...options
}: {
  readonly resource: Pick<FunctionResource, 'logicalId' | 'functionName' | 'handler'> &
    Partial<FunctionResource>;
  readonly mapping: Omit<MappingResource, 'logicalId' | 'functionLogicalId'>;
  readonly queues?: Application['queues'];
  readonly deployment: RunApplicationOptions['deployment'];
  readonly endpoints: { readonly dynamodb: string; readonly kinesis: string; readonly sqs?: string };
  readonly credentials: RunApplicationOptions['access']['credentials'];
  readonly more?: Partial<RunApplicationOptions> | undefined;
}): Promise<RunningFunction> {
  const events: RuntimeEvent[] = [];
  const running = await runApplication({
    application: {
      functions: [{ ...FUNCTION_DEFAULTS, ...resource }],
      tables: [],
      streams: [],
      queues,
      mappings: [
        { ...mapping, logicalId: 'Mapping', functionLogicalId: resource.logicalId } as MappingResource,
      ],
      unsupported: [],
      ignored: [],
      outputs: {},
    },
    deployment: options.deployment,
    access: {
      ...endpoints,
      dynamodbStreams: endpoints.dynamodb,
      region: LOCAL_REGION,
      accountId: '123456789012',
      credentials,
    },
    bundles: () => ({ directory: HANDLERS }),
    onEvent: (event) => events.push(event),
    ...options.more,
  });
  return {
    running,
    events,
    logged: <Line>() =>
      events.flatMap((event) =>
        event.type === 'log' && event.output === 'stdout' ? [JSON.parse(event.line) as Line] : [],
      ),
  };
}
