import type { IncomingHttpHeaders } from 'node:http';
import { createForwarder, type RawReply } from '../http/forwarder.ts';
import type { ProxiedRequest } from './fault-plan.ts';
import { FaultProxyError } from './fault-proxy-error.ts';
import type { TokenWindow } from './token-window.ts';

export interface EngineConnection {
  /** Sends a request under the token that is right by now. */
  forward(request: ProxiedRequest, headers: IncomingHttpHeaders, bytes: Buffer): Promise<RawReply>;
  destroy(): void;
}

/** Operations whose capacity can be asked for. */
const METERED: ReadonlySet<string> = new Set([
  'TransactWriteItems',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'GetItem',
]);

export function createEngineConnection(options: {
  readonly engine: string;
  readonly tokens: TokenWindow;
  readonly isMetered: boolean;
}): EngineConnection {
  const { tokens, isMetered } = options;
  const forwarder = createForwarder(options.engine);
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
      const reply = await forwarder
        .send({ method: 'POST', path: '/', headers, bytes: outgoing })
        .catch((cause: unknown) => {
          throw new FaultProxyError('the engine gave no answer', { code: 'engine-unreachable', cause });
        });
      if (typeof token === 'string' && reply.status === 200) {
        tokens.complete(token);
      }
      return reply;
    },
    destroy: () => forwarder.destroy(),
  };
}
