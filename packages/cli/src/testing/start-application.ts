import { randomUUID } from 'node:crypto';
import {
  createApplicationRecord,
  parseAnswer,
  readFaults,
  type StartedApplication,
  startApplication as startLocally,
  waitUntilIdle,
} from '@oncefold/local-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { startInvokeEndpoint } from '../up/invoke-endpoint.ts';
import { FunctionFailedError, UnknownFunctionError } from './function-failed-error.ts';
import { refuseOldNode } from './refuse-old-node.ts';
import type { ApplicationOptions, TestApplication } from './testing-types.ts';

/**
 * Starts a SAM application for a test: its tables and streams on local engines, its functions in processes of their own,
 * fed from the streams as Lambda feeds them.
 *
 * Ports are free ones and tables belong to an access key of the application's own, so that several run side by side. This process's
 * environment and signals are left alone. Everything ends with this process, however it ends.
 *
 * @param template - path of the SAM template
 * @throws {@link StartError} when a step fails, with its `code`; what was started until then has been stopped
 */
export async function startApplication(
  template: string,
  options: ApplicationOptions = {},
): Promise<TestApplication> {
  refuseOldNode();
  const { faults, onLog, onNotice, ...others } = options;
  const record = createApplicationRecord();
  const settings = faults === undefined ? {} : { faults: readFaults(faults) };
  const invokeEndpoint = await startInvokeEndpoint();
  const started = await startLocally({
    ...others,
    lambdaEndpoint: invokeEndpoint.endpoint,
    template,
    ...settings,
    onCall: record.noteCall,
    onEvent(event) {
      record.note(event);
      if (event.type === 'log') {
        const { functionId, output, line, at } = event;
        onLog?.({ functionId, output, line, at });
      }
      if (event.type === 'notice') {
        onNotice?.({ functionId: event.functionId, message: event.message });
      }
    },
  }).catch(async (error: unknown) => {
    await invokeEndpoint.close();
    throw error;
  });
  invokeEndpoint.serve(started);
  const endpoints = endpointsOf(started, invokeEndpoint.endpoint);
  const { region, credentials } = started.engines;
  const { functions, tables, streams, queues, unsupported } = started.application;
  const handlers: NodeHttpHandler[] = [];
  let stopping: Promise<void> | undefined;

  async function stop(): Promise<void> {
    for (const handler of handlers) {
      handler.destroy();
    }
    await invokeEndpoint.close();
    await started.stop();
  }

  const application: TestApplication = {
    endpoints,
    region,
    credentials,
    env: environmentOf(endpoints, started),
    functions: functions.map(({ logicalId, functionName }) => ({ logicalId, functionName })),
    tables: tables.map(({ logicalId, tableName }) => ({ logicalId, tableName })),
    streams: streams.map(({ logicalId, streamName }) => ({ logicalId, streamName })),
    queues: queues.map(({ logicalId, queueName }) => ({ logicalId, queueName })),
    notEmulated: unsupported,
    clientConfig(service) {
      const endpoint = endpoints[service];
      if (endpoint === undefined) {
        throw new Error(`there is no ${service} here: the template has no queue`);
      }
      const requestHandler = new NodeHttpHandler();
      handlers.push(requestHandler);
      return { endpoint, region, credentials, requestHandler };
    },
    invoke: (name, event) => invoke(started, name, event),
    waitUntilIdle: (waiting) => waitUntilIdle({ ...started, record }, waiting),
    invocations: record.invocations,
    logs: record.logs,
    destinations: record.destinations,
    injectedFaults: () => started.faults?.injected() ?? { faults: [], counts: {} },
    stop() {
      stopping ??= stop();
      return stopping;
    },
    [Symbol.asyncDispose]: () => application.stop(),
  };
  return application;
}

function endpointsOf({ engines }: StartedApplication, lambda: string): TestApplication['endpoints'] {
  const { dynamodb, dynamodbStreams, kinesis, sqs } = engines;
  return { dynamodb, dynamodbStreams, kinesis, lambda, ...(sqs !== undefined && { sqs }) };
}

function environmentOf(
  { dynamodb, dynamodbStreams, kinesis, lambda, sqs }: TestApplication['endpoints'],
  { engines: { region, credentials } }: StartedApplication,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamodbStreams,
    AWS_ENDPOINT_URL_KINESIS: kinesis,
    AWS_ENDPOINT_URL_LAMBDA: lambda,
    ...(sqs !== undefined && { AWS_ENDPOINT_URL_SQS: sqs }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}

async function invoke(
  { application, running }: StartedApplication,
  name: string,
  event: unknown,
): Promise<unknown> {
  const resource = application.functions.find(
    ({ logicalId, functionName }) => logicalId === name || functionName === name,
  );
  const target = running.functions.get(resource?.logicalId ?? '');
  if (resource === undefined || target === undefined) {
    throw new UnknownFunctionError(
      name,
      application.functions.map(({ logicalId }) => logicalId),
    );
  }
  const payload = JSON.stringify(event) ?? 'null';
  const result = await target.invoke({ requestId: randomUUID(), payload });
  if (result.code === 'failed') {
    throw new FunctionFailedError(resource.logicalId, result);
  }
  return parseAnswer(result.payload);
}
