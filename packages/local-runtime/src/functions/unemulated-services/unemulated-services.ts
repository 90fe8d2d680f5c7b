import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { acceptHttp2 } from '@oncefold/engines';
import { readBody } from '../../http/read-body.ts';
import { readServiceCall, type ServiceCall } from './read-service-call.ts';
import { createRefusal } from './refusal.ts';

/** Answers for every service that does not exist here. */
export interface UnemulatedServices {
  /** What SDKs of a function take as `AWS_ENDPOINT_URL`. */
  endpoint(functionId: string): string;
  close(): Promise<void>;
}

/** A request of a function that was refused. */
export type RefusedCall = Omit<ServiceCall, 'protocol'> & { readonly functionId: string };

/** So much of a request is read to find its operation; the rest is thrown away. */
const BODY_BYTES_MAX = 65_536;

type Request = IncomingMessage | Http2ServerRequest;

/** What the responses of both versions have in common. */
interface Response {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: Buffer): unknown;
  destroy(): unknown;
}

/**
 * Refuses requests to services that are not emulated, at once and by name, on a free port of the loopback address.
 *
 * Without it they would go to AWS, with credentials that do not exist there, or wait for a network that is not there, and an
 * SDK would try them again and again. Where a service has an endpoint of its own in the function's variables, an SDK goes there.
 */
export async function startUnemulatedServices(
  onCall: (call: RefusedCall) => void,
): Promise<UnemulatedServices> {
  const answer = (request: Request, response: Response): void => {
    refuse(request, response, onCall).catch(() => {
      // The function has gone in the middle of its request.
      response.destroy();
    });
  };
  const sockets = new Set<Socket>();
  const server = acceptHttp2(createServer(answer)).on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: (functionId) => `http://127.0.0.1:${port}/${encodeURIComponent(functionId)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) {
          socket.destroy();
        }
      }),
  };
}

async function refuse(
  request: Request,
  response: Response,
  onCall: (call: RefusedCall) => void,
): Promise<void> {
  const { beginning: body } = await readBody(request, BODY_BYTES_MAX);
  const [, owner = '', path = ''] = /^\/([^/?]*)(.*)$/s.exec(request.url ?? '') ?? [];
  const { protocol, ...call } = readServiceCall({
    method: request.method ?? 'GET',
    path: path.startsWith('/') ? path : `/${path}`,
    headers: request.headers,
    body,
  });
  onCall({ functionId: decodeURIComponent(owner), ...call });
  const message = `${call.service} is not emulated by Oncefold: set ${call.variable} (--env-vars) to point it elsewhere`;
  const requestId = randomUUID();
  const answer = createRefusal(protocol, message, requestId);
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries({ ...answer.headers, 'x-amzn-requestid': requestId })) {
    response.setHeader(name, value);
  }
  // What a request of the method HEAD must not get is left out by the server.
  response.end(answer.body);
}
