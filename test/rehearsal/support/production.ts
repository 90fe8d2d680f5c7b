import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createLocalClients, freshCredentials, type LocalClients } from '@oncefold/engines';
import {
  deploy,
  type EngineAccess,
  type FaultDecision,
  type InvocationResult,
  type RunningApplication,
  type RuntimeEvent,
  runApplication,
  startFaultProxy,
} from '@oncefold/local-runtime';
import { formatDecimal, parseSum } from '@oncefold/reducer';
import {
  type Application,
  isStreamMapping,
  type MappingSettings,
  readTemplate,
} from '@oncefold/sam-template';
import { metricKey, type Points } from '../../template/alarm-state.ts';
import { labNames, type Overrides, place, root, templateFile } from '../../template/project-template.ts';

/** What a deployment, or somebody at the console, makes different from the template and its defaults. */
export interface Change {
  readonly parameters?: Overrides;
  /** Settings of mappings by logical id. */
  readonly mappings?: Readonly<Record<string, Partial<MappingSettings>>>;
  /** Reserved concurrency by logical id of the function. */
  readonly concurrency?: Readonly<Record<string, number>>;
  /** Variables of functions by logical id, in place of those of the template. */
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** One call of a function. */
interface Invocation {
  readonly requestId: string;
  readonly payload: string;
}

/** The application of the template on local engines, in operation. */
export interface Production {
  readonly access: EngineAccess;
  readonly clients: LocalClients;
  /** What has happened since the start. */
  readonly events: readonly RuntimeEvent[];
  readonly application: Application;
  /** Requests that are answered by an error, as `<logical id of the function> <operation>`. */
  readonly refused: Map<string, FaultDecision>;
  /**
   * Runs the application with a change, in place of what runs. Mappings of before read their streams from the beginning, which is
   * the hardest redelivery that there can be; with `goesOn` they go on with what is new, as those of AWS do.
   */
  deploy(change: Change, options?: { readonly goesOn?: boolean }): Promise<void>;
  send(payloads: readonly string[]): Promise<void>;
  whenIdle(): Promise<void>;
  sums(): Promise<Readonly<Record<string, string>>>;
  scan(table: string): Promise<readonly Readonly<Record<string, AttributeValue>>[]>;
  /** What the functions have published, all in one minute, in the form in which alarms are evaluated. */
  points(): Points;
  /** Where batches that were given up are kept, in the layout of the bucket. */
  readonly failedBatches: string;
  invoke(functionName: string, invocation: Invocation): Promise<InvocationResult>;
  stop(): Promise<void>;
}

/** Creates the tables and the stream of the template, and runs its functions as processes. */
export async function startProduction(
  endpoints: { readonly dynamodb: string; readonly kinesis: string },
  { folder, ...first }: Change & { readonly folder: string },
): Promise<Production> {
  const credentials = freshCredentials();
  const clients = createLocalClients({
    dynamodbEndpoint: endpoints.dynamodb,
    kinesisEndpoint: endpoints.kinesis,
    credentials,
  });
  const refused = new Map<string, FaultDecision>();
  const proxy = await startFaultProxy({
    engine: endpoints.dynamodb,
    isMetered: false,
    plan: { beforeEngine: ({ client, operation }) => refused.get(`${client} ${operation}`) ?? 'pass' },
  });
  const access: EngineAccess = {
    ...endpoints,
    dynamodbStreams: endpoints.dynamodb,
    ...place,
    credentials,
  };
  const events: RuntimeEvent[] = [];
  const failedBatches = mkdtempSync(join(folder, 'failed-batches-'));
  const keep = (event: RuntimeEvent): void => {
    if (event.type === 'destination-document') {
      const file = join(failedBatches, event.objectKey ?? '');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, event.document);
    }
  };
  let application = await applicationWith(first);
  let deployment: Awaited<ReturnType<typeof deploy>> | undefined;
  let running: RunningApplication | undefined;

  const production: Production = {
    access,
    clients,
    events,
    refused,
    failedBatches,
    get application() {
      return application;
    },
    async deploy(change, { goesOn = false } = {}) {
      await running?.stop();
      const settings = goesOn ? startAtEnd(change) : change;
      application = await applicationWith(settings);
      deployment ??= await deploy(application, clients);
      running = await runApplication({
        application,
        deployment,
        access,
        bundles: ({ codeUri }) => ({ directory: join(root, dirname(codeUri), 'dist') }),
        environment: ({ logicalId }) => ({
          AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint(logicalId),
          ...change.environment?.[logicalId],
        }),
        onEvent(event) {
          events.push(event);
          keep(event);
        },
      });
      if (goesOn) {
        // Only then every mapping has its place at the end.
        await running.whenIdle();
      }
    },
    async send(payloads) {
      const Records = payloads.map((text, index) => ({
        Data: Buffer.from(text),
        PartitionKey: String(index),
      }));
      const StreamName = application.streams[0]?.streamName;
      const { FailedRecordCount } = await clients.kinesis.send(
        new PutRecordsCommand({ StreamName, Records }),
      );
      if (FailedRecordCount !== 0) {
        throw new Error(`${FailedRecordCount} records were refused by the stream`);
      }
    },
    async whenIdle() {
      await running?.whenIdle();
    },
    async sums() {
      const items = await production.scan('AggregateTable');
      return Object.fromEntries(
        items.map((item) => [item['Identifier']?.S ?? '', formatDecimal(parseSum(item['Value']?.N ?? ''))]),
      );
    },
    async scan(table) {
      const items = [];
      const client = clients.dynamodb;
      for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
        items.push(...(page.Items ?? []));
      }
      return items;
    },
    points: () => pointsOf(events),
    async invoke(functionName, invocation) {
      const resource = application.functions.find((one) => one.functionName === functionName);
      const target = running?.functions.get(resource?.logicalId ?? '');
      if (target === undefined) {
        throw new Error(`there is no function ${functionName}`);
      }
      return target.invoke(invocation);
    },
    async stop() {
      await running?.stop();
      await proxy.close();
      for (const client of Object.values(clients)) {
        client.destroy();
      }
    },
  };
  await production.deploy(first);
  return production;
}

async function applicationWith({
  parameters = {},
  mappings = {},
  concurrency = {},
}: Change): Promise<Application> {
  const application = await readTemplate({
    file: templateFile,
    parameterOverrides: { ...labNames, ...parameters },
    ...place,
  });
  return {
    ...application,
    functions: application.functions.map((one) => {
      const reservedConcurrency = concurrency[one.logicalId];
      return reservedConcurrency === undefined ? one : { ...one, reservedConcurrency };
    }),
    mappings: application.mappings.filter(isStreamMapping).map((one) => ({
      ...one,
      settings: { ...one.settings, ...mappings[one.logicalId] },
    })),
  };
}

function startAtEnd(change: Change): Change {
  const ids = ['StateFunctionTrades', 'MapFunctionChanges', 'ReduceFunctionRowsOfSums'];
  const mappings = ids.map((id) => [id, { ...change.mappings?.[id], startingPosition: 'LATEST' as const }]);
  return { ...change, mappings: Object.fromEntries(mappings) };
}

interface EmbeddedMetrics {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function pointsOf(events: readonly RuntimeEvent[]): Points {
  const points = new Map<string, { minute: number; value: number }[]>();
  for (const event of events) {
    if (event.type !== 'log' || !event.line.includes('"CloudWatchMetrics"')) {
      continue;
    }
    const line = JSON.parse(event.line) as EmbeddedMetrics;
    for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      for (const [names, { Name }] of Dimensions.flatMap((one) =>
        Metrics.map((metric) => [one, metric] as const),
      )) {
        const dimensions = names.map((name) => ({ Name: name, Value: String(line[name]) }));
        const key = metricKey({ Namespace, MetricName: Name, Dimensions: dimensions });
        const values = [line[Name]].flat().map((value) => ({ minute: 0, value: Number(value) }));
        points.set(key, [...(points.get(key) ?? []), ...values]);
      }
    }
  }
  return points;
}
