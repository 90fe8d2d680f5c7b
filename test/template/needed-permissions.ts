import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { TestDynamoDb, TestKinesis } from '@oncefold/engines/vitest';
import { createFunctionEnvironment, functionArn, startFunctionProcess } from '@oncefold/local-runtime';
import type { Application, FunctionResource } from '@oncefold/sam-template';
import { type Permission, permission } from './permission.ts';
import { place, root } from './project-template.ts';
import { type Access, startRecordingProxy } from './recording-proxy.ts';
import {
  type Delivery,
  generatorDeliveries,
  mapDeliveries,
  reduceDeliveries,
  scoreboardDeliveries,
  stateDeliveries,
} from './scenarios.ts';

/** What a function asked DynamoDB and Kinesis for. */
export interface Recording {
  readonly permissions: ReadonlySet<Permission>;
  /** Names of the requests, such as `TransactWriteItems`. */
  readonly operations: ReadonlySet<string>;
  /** Actions within transactions and statements, such as `dynamodb:PutItem`. */
  readonly actions: ReadonlySet<string>;
  /** Metrics that it published, as `<namespace> service=<service> <name>`. */
  readonly metrics: ReadonlySet<string>;
}

const deliveriesTo: Readonly<Record<string, (strategy: string | undefined) => Delivery[]>> = {
  StateFunction: stateDeliveries,
  MapFunction: mapDeliveries,
  ReduceFunction: reduceDeliveries,
  ComparisonFunction: reduceDeliveries,
  'Workshop/GeneratorFunction': generatorDeliveries,
  'Workshop/ScoreboardFunction': scoreboardDeliveries,
};

/** Folder with the built code of a function. */
function bundleOf(resource: FunctionResource): string {
  return join(root, dirname(resource.codeUri), 'dist');
}

/**
 * Runs the built function through everything that it does, and derives what IAM would have to allow it.
 *
 * @param resource - the function, with the environment that the template gives it
 * @param application - what it belongs to
 * @param engines - engines that have the tables and the stream
 * @throws when a delivery ends otherwise than it should
 */
export async function recordPermissions(
  resource: FunctionResource,
  application: Application,
  engines: { readonly dynamodb: TestDynamoDb; readonly kinesis: TestKinesis },
): Promise<Recording> {
  const { dynamodb, kinesis } = engines;
  const proxy = await startRecordingProxy({ dynamodb: dynamodb.endpoint, kinesis: kinesis.endpoint });
  const access = {
    dynamodb: proxy.endpoint,
    dynamodbStreams: proxy.endpoint,
    kinesis: proxy.endpoint,
    credentials: dynamodb.credentials,
    ...place,
  };
  const { handler, timeoutSeconds, memorySize } = resource;
  const taskRoot = bundleOf(resource);
  const lines: string[] = [];
  const running = await startFunctionProcess({
    functionArn: functionArn(resource, access),
    taskRoot,
    environment: createFunctionEnvironment({ resource, access, taskRoot, handler, overrides: {} }),
    timeoutSeconds,
    memorySize,
    initTimeoutSeconds: 30,
    onLine: (_, line) => lines.push(line),
    onStarted: () => undefined,
    onExited: () => undefined,
  });
  try {
    const deliveries = deliveriesTo[resource.logicalId]?.(resource.environment['STRATEGY']) ?? [];
    for (const { purpose, event, world, given, fails = false } of deliveries) {
      if (given !== undefined) {
        const TableName = resource.environment[given.variable];
        await dynamodb.client.send(new PutItemCommand({ TableName, Item: given.item }));
      }
      Object.assign(proxy, { withholdsItems: false, refusesTransactions: false, ...world });
      if (!(await running.free())) {
        throw new Error(`${resource.logicalId} ended: ${lines.join('\n')}`);
      }
      const result = await running.invoke({ requestId: randomUUID(), payload: JSON.stringify(event) });
      if ((result.code === 'failed') !== fails) {
        throw new Error(
          `${resource.logicalId}, to ${purpose}: ${JSON.stringify(result)}\n${lines.slice(-20).join('\n')}`,
        );
      }
    }
  } finally {
    await running.stop('the recording is over');
    await proxy.close();
  }
  if (proxy.accesses.length === 0) {
    throw new Error(`${resource.logicalId} was not driven`);
  }
  return {
    permissions: permissionsFor(proxy.accesses, application),
    operations: proxy.operations,
    actions: new Set(proxy.accesses.map(({ action }) => action)),
    metrics: new Set(lines.flatMap(metricsOf)),
  };
}

/** A plain access needs the right as such; only where every access is within an operation the right may be pinned to it. */
function permissionsFor(accesses: readonly Access[], application: Application): Set<Permission> {
  const enclosing = new Map<string, { access: Access; resource: string }>();
  for (const access of accesses) {
    const resource = arnOf(access, application);
    const key = permission(access.action, resource);
    const known = enclosing.get(key);
    if (known === undefined || access.enclosingOperation === undefined) {
      enclosing.set(key, { access, resource });
    }
  }
  return new Set(
    [...enclosing.values()].map(({ access: { action, enclosingOperation }, resource }) =>
      permission(action, resource, { enclosingOperation }),
    ),
  );
}

function arnOf({ action, name }: Access, { tables, streams }: Application): string {
  const isKnown = action.startsWith('kinesis:')
    ? streams.some(({ streamName }) => streamName === name)
    : tables.some(({ tableName }) => tableName === name);
  if (!isKnown) {
    throw new Error(`nothing of the template: ${name}`);
  }
  const kind = action.startsWith('kinesis:') ? 'stream' : 'table';
  return `arn:aws:${action.split(':')[0]}:${place.region}:${place.accountId}:${kind}/${name}`;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function metricsOf(line: string): string[] {
  if (!line.includes('"CloudWatchMetrics"')) {
    return [];
  }
  const { _aws, service, version } = JSON.parse(line) as {
    _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
    service: string;
    version?: string;
  };
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) => {
    // Another dimension would make another metric, which no alarm looks at.
    const dimensions = version === undefined ? [['service']] : [['service', 'version']];
    if (JSON.stringify(Dimensions) !== JSON.stringify(dimensions)) {
      throw new Error(`other dimensions: ${line}`);
    }
    const place = [`service=${service}`, ...(version === undefined ? [] : [`version=${version}`])].join(' ');
    return Metrics.map(({ Name }) => `${Namespace} ${place} ${Name}`);
  });
}

/** The environment in which the repository's own tools are found. */
export const tools: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH']}`,
  TURBO_TELEMETRY_DISABLED: '1',
};
