import { Agent, type IncomingHttpHeaders, request as sendHttp } from 'node:http';
import { Agent as SecureAgent, request as sendHttps } from 'node:https';
import { readBytes, withLength } from './message.ts';

export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** Gives the request up. */
  readonly signal?: AbortSignal;
}

export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** Sends whole messages to a server over connections that are kept. */
export interface Forwarder {
  /** Rejects when there is no whole answer. */
  send(request: RawRequest): Promise<RawReply>;
  destroy(): void;
}

/** @param address - base URL; its path is put before the path of each request */
export function createForwarder(address: string): Forwarder {
  const { protocol, hostname, port, pathname } = new URL(address);
  const isSecure = protocol === 'https:';
  const agent = isSecure ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  const begin = isSecure ? sendHttps : sendHttp;
  const prefix = pathname.replace(/\/$/, '');
  return {
    send: ({ method, path, headers, bytes, signal }) =>
      new Promise((fulfil, reject) => {
        const target = {
          ...{ agent, hostname, port, method, path: prefix + path },
          headers: withLength(headers, bytes.length),
          ...(signal !== undefined && { signal }),
        };
        const forwarded = begin(target, (answer) => {
          readBytes(answer).then(
            (read) => fulfil({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: read }),
            reject,
          );
        });
        forwarded.on('error', reject);
        forwarded.end(bytes);
      }),
    destroy: () => agent.destroy(),
  };
}
