import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request to DynamoDB as a function sent it, and the status that it was answered with. */
export interface RecordedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly status: number;
}

export interface RequestRecorder {
  readonly endpoint: string;
  /** In the order in which they were answered. */
  readonly requests: readonly RecordedRequest[];
  close(): void;
}

/** Passes requests on to an engine, and keeps them. */
export async function startRequestRecorder(engine: string): Promise<RequestRecorder> {
  const requests: RecordedRequest[] = [];
  const sender = createRequestSender(engine);
  const server = createServer(async (request, response) => {
    const { headers } = request;
    const body = await buffer(request);
    const answer = await sender.send({ headers, body });
    requests.push({ headers, body, status: answer.status });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
      sender.close();
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends requests to an engine with nothing around them. */
export function createRequestSender(engine: string): {
  send(request: Pick<RecordedRequest, 'headers' | 'body'>): Promise<Answer>;
  close(): void;
} {
  const agent = new Agent({ keepAlive: true });
  return {
    async send({ headers, body }) {
      const { host: _host, connection: _connection, ...rest } = headers;
      const sent = send(engine, { agent, method: 'POST', headers: rest });
      sent.end(body);
      const [message] = (await once(sent, 'response')) as [IncomingMessage];
      return { status: message.statusCode ?? 0, headers: message.headers, body: await buffer(message) };
    },
    close: () => agent.destroy(),
  };
}
