import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Production } from './production.ts';

/** An answer over HTTP. */
interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Serves the few requests of Lambda that the runbook's recipes make: functions are invoked for real, and a mapping is enabled by
 * whoever runs the pipeline.
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
        response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
        response.end(body);
      });
  });

  async function answer(incoming: IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) {
      chunks.push(chunk as Buffer);
    }
    const { pathname, searchParams } = new URL(incoming.url ?? '', 'http://localhost');
    const path = decodeURIComponent(pathname);
    const [, name] =
      /^\/2015-03-31\/functions\/(?:arn:.*:function:)?(\w+)(?::live)?\/invocations$/.exec(path) ?? [];
    if (name !== undefined) {
      return invoke(production, name, Buffer.concat(chunks).toString());
    }
    const [, mapping] = /^\/2015-03-31\/event-source-mappings\/?([\w-]*)$/.exec(path) ?? [];
    if (mapping === '') {
      const EventSourceMappings = mappingsOf(production, searchParams.get('FunctionName'));
      return { status: 200, body: JSON.stringify({ EventSourceMappings }) };
    }
    if (mapping !== undefined && incoming.method === 'PUT') {
      await options.enable?.();
      return { status: 202, body: JSON.stringify({ UUID: mapping, State: 'Enabling' }) };
    }
    return { status: 400, body: `no recipe asks for ${incoming.method} ${path}` };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    variables: { AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}` },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function mappingsOf({ application }: Production, qualifiedName: string | null): object[] {
  return application.mappings
    .map((mapping, index) => ({
      ...mapping,
      uuid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    }))
    .filter(({ functionLogicalId }) => `${functionLogicalId}:live` === qualifiedName)
    .map(({ uuid, settings }) => ({
      UUID: uuid,
      State: settings.enabled ? 'Enabled' : 'Disabled',
      StateTransitionReason: 'USER_INITIATED',
      LastProcessingResult: 'No records processed',
    }));
}

async function invoke(production: Production, name: string, payload: string): Promise<Answer> {
  const result = await production.invoke(name, { requestId: randomUUID(), payload });
  return result.code === 'succeeded'
    ? { status: 200, body: result.payload }
    : { status: 200, body: JSON.stringify(result), headers: { 'x-amz-function-error': 'Unhandled' } };
}
