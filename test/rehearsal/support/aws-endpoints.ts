import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import {
  createFunctionEnvironment,
  functionArn,
  type InvocationResult,
  startFunctionProcess,
} from '@oncefold/local-runtime';
import { root } from '../../template/project-template.ts';
import type { Production } from './production.ts';

/** Bucket of the batches that were given up. */
const BUCKET = 'failed-batches';

/** An answer over HTTP. */
interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Serves the few requests of S3 and Lambda that the runbook's recipes make: the objects are what the mappings gave up, a function is
 * invoked for real, and a mapping is enabled by whoever runs the pipeline.
 *
 * @param options.enable - does what enabling a mapping does
 */
export async function startAwsEndpoints(
  production: Production,
  options: { readonly enable?: () => Promise<void> } = {},
): Promise<{ readonly variables: Readonly<Record<string, string>>; close(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    answer(incoming)
      .catch((error: unknown): Answer => ({ status: 500, body: String(error) }))
      .then(({ status, body, headers = {} }) => {
        const isHead = incoming.method === 'HEAD';
        response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
        response.end(isHead ? undefined : body);
      });
  });

  async function answer(incoming: IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) {
      chunks.push(chunk as Buffer);
    }
    const { pathname } = new URL(incoming.url ?? '', 'http://localhost');
    const path = decodeURIComponent(pathname);
    if (path.startsWith(`/${BUCKET}/`)) {
      const key = path.slice(BUCKET.length + 2);
      const found = production.failedBatches().find((one) => one.key === key);
      return found === undefined
        ? { status: 404, body: '' }
        : { status: 200, body: found.document, headers: { 'last-modified': new Date(0).toUTCString() } };
    }
    const [, functionName] = /^\/2015-03-31\/functions\/(\w+)(?::live)?\/invocations$/.exec(path) ?? [];
    if (functionName !== undefined) {
      const result = await invoke(production, functionName, Buffer.concat(chunks).toString());
      return result.code === 'succeeded'
        ? { status: 200, body: result.payload }
        : { status: 200, body: JSON.stringify(result), headers: { 'x-amz-function-error': 'Unhandled' } };
    }
    const [, mapping] = /^\/2015-03-31\/event-source-mappings\/?([\w-]*)$/.exec(path) ?? [];
    if (mapping === '') {
      return {
        status: 200,
        body: JSON.stringify({ EventSourceMappings: mappingsOf(production, incoming.url ?? '') }),
      };
    }
    if (mapping !== undefined && incoming.method === 'PUT') {
      await options.enable?.();
      return { status: 202, body: JSON.stringify({ UUID: mapping, State: 'Enabling' }) };
    }
    return { status: 400, body: `no recipe asks for ${incoming.method} ${path}` };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    variables: { AWS_ENDPOINT_URL_S3: endpoint, AWS_ENDPOINT_URL_LAMBDA: endpoint, BUCKET },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function mappingsOf({ application }: Production, url: string): object[] {
  const asked = new URL(url, 'http://localhost').searchParams.get('FunctionName') ?? '';
  return application.mappings
    .map((mapping, index) => ({
      ...mapping,
      uuid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    }))
    .filter(({ functionLogicalId }) => `${functionLogicalId}:live` === asked)
    .map(({ uuid, settings }) => ({
      UUID: uuid,
      State: settings.enabled ? 'Enabled' : 'Disabled',
      StateTransitionReason: 'USER_INITIATED',
      LastProcessingResult: 'No records processed',
    }));
}

/** Runs the built function once, in a process of its own. */
async function invoke(production: Production, name: string, payload: string): Promise<InvocationResult> {
  const { application, access } = production;
  const resource = application.functions.find(({ functionName }) => functionName === name);
  if (resource === undefined) {
    throw new Error(`there is no function ${name}`);
  }
  const { handler, timeoutSeconds, memorySize } = resource;
  const taskRoot = join(root, dirname(resource.codeUri), 'dist');
  const running = await startFunctionProcess({
    functionArn: functionArn(resource, access),
    taskRoot,
    environment: createFunctionEnvironment({ resource, access, taskRoot, handler, overrides: {} }),
    timeoutSeconds,
    memorySize,
    initTimeoutSeconds: 30,
    onLine: () => undefined,
    onStarted: () => undefined,
    onExited: () => undefined,
  });
  try {
    if (!(await running.free())) {
      throw new Error(`${name} does not start`);
    }
    return await running.invoke({ requestId: randomUUID(), payload });
  } finally {
    await running.stop('the recipe has its answer');
  }
}
