import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http';
import type { ProxiedRequest } from './fault-plan.ts';
import { FaultProxyError } from './fault-proxy-error.ts';
import type { TokenWindow } from './token-window.ts';

export interface EngineConnection {
  /** Sends a request under the token that is right by now. */
  forward(request: ProxiedRequest, headers: IncomingHttpHeaders, bytes: Buffer): Promise<RawReply>;
  destroy(): void;
}

export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** More than DynamoDB takes in a request. */
const BODY_BYTES_MAX = 16 * 1_024 * 1_024;
/** Operations whose capacity can be asked for. */
const METERED: ReadonlySet<string> = new Set([
  'TransactWriteItems',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'GetItem',
]);
/** Headers that belong to one connection or to the bytes of the body. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

export function createEngineConnection(options: {
  readonly engine: string;
  readonly tokens: TokenWindow;
  readonly isMetered: boolean;
}): EngineConnection {
  const { tokens, isMetered } = options;
  const { hostname, port } = new URL(options.engine);
  const agent = new Agent({ keepAlive: true });

  function post(incoming: IncomingHttpHeaders, outgoing: Buffer): Promise<RawReply> {
    const headers = withLength(incoming, outgoing.length);
    return new Promise((fulfil, reject) => {
      const target = { agent, hostname, port, path: '/', method: 'POST', headers };
      const forwarded = send(target, (answer) => {
        readBytes(answer).then(
          (bytes) => fulfil({ status: answer.statusCode ?? 0, headers: answer.headers, bytes }),
          reject,
        );
      });
      forwarded.on('error', reject);
      forwarded.end(outgoing);
    });
  }

  return {
    async forward({ operation, body }, headers, bytes) {
      const token = body['ClientRequestToken'];
      let outgoing = bytes;
      if (METERED.has(operation)) {
        outgoing = Buffer.from(
          JSON.stringify({
            ...body,
            ...(isMetered ? { ReturnConsumedCapacity: 'TOTAL' } : {}),
            ...(typeof token === 'string' ? { ClientRequestToken: tokens.present(token) } : {}),
          }),
        );
      }
      const reply = await post(headers, outgoing).catch((cause: unknown) => {
        throw new FaultProxyError('the engine gave no answer', { code: 'engine-unreachable', cause });
      });
      if (typeof token === 'string' && reply.status === 200) {
        tokens.complete(token);
      }
      return reply;
    },
    destroy: () => agent.destroy(),
  };
}

/** Replaces the headers that belong to a connection by those of a body of so many bytes. */
export function withLength(
  headers: IncomingHttpHeaders,
  bytes: number,
): Record<string, string | string[] | number> {
  const kept: Record<string, string | string[] | number> = { 'content-length': bytes };
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !OWN_HEADERS.has(name)) {
      kept[name] = value;
    }
  }
  return kept;
}

export async function readBytes(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) {
      throw new Error(`a message has more than ${BODY_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
