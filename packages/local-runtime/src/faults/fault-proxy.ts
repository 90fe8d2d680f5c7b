import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EngineReply, FaultDecision, FaultPlan, ProxiedRequest } from './fault-plan.ts';
import { FaultProxyError } from './fault-proxy-error.ts';
import { createRequestMeter, type RequestFigures } from './request-meter.ts';
import { createTokenWindow, type TokenWindow } from './token-window.ts';

/** What the proxy stands before, and what it does. */
export interface FaultProxyOptions {
  /** Base URL of the DynamoDB engine. */
  readonly engine: string;
  /** Asked for each message; it may change what it says at any time. Without it everything is passed on. */
  readonly plan?: FaultPlan;
  /** Ages tokens; by default by AWS's rule and this machine's clock. */
  readonly tokens?: TokenWindow;
  /** Whether capacity is asked for and counted, for which every operation must be a known one; by default it is. */
  readonly isMetered?: boolean;
}

/** An HTTP proxy between the processes of functions and one database of a DynamoDB engine. */
export interface FaultProxy {
  /**
   * Base URL for one client.
   *
   * @param client - letters, digits and hyphens; plans see it as {@link ProxiedRequest.client}
   */
  endpoint(client: string): string;
  readonly tokens: TokenWindow;
  figures(): RequestFigures;
  /** What kept the proxy from doing its work, the first time that something did: no planned fault, but a defect. */
  readonly failure: FaultProxyError | undefined;
  /** Ends all connections; requests that are held are never passed on. */
  close(): Promise<void>;
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

interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/**
 * Starts a proxy on a free port of the loopback address.
 *
 * Each request is read whole, decided on, and sent on; its capacity is asked for, and its token is aged as AWS documents,
 * because DynamoDB Local never forgets a token rightly. Signatures become wrong by that: local engines do not check them.
 *
 * @returns the proxy; it stands before one database, so that tokens of several functions do not meet
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const {
    plan = {},
    isMetered = true,
    tokens = createTokenWindow({ now: () => performance.now() }),
  } = options;
  const engine = new URL(options.engine);
  const agent = new Agent({ keepAlive: true });
  const meter = createRequestMeter();
  let failure: FaultProxyError | undefined;
  let isClosed = false;

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      // Without the function there is nobody to answer; that it went away is the fault that was asked for.
      if (error instanceof FaultProxyError && !isClosed) {
        failure ??= error;
      }
      response.destroy();
    });
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readBytes(incoming);
    const body = parseObject(bytes);
    const client = (incoming.url ?? '').split('/')[1] ?? '';
    const operation = String(incoming.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const request: ProxiedRequest = { client, operation, body };
    if (isMetered) {
      meter.count(request);
    }
    if (!passes(await decide(() => plan.beforeEngine?.(request)), response)) {
      return;
    }
    if (isClosed) {
      return void response.destroy();
    }
    const reply = await exchange(incoming, request, bytes);
    const told: EngineReply = { status: reply.status, body: parseObject(reply.bytes) };
    if (isMetered) {
      meter.measure(request, told);
    }
    if (!passes(await decide(() => plan.afterEngine?.(request, told)), response)) {
      return;
    }
    response.writeHead(reply.status, ownHeaders(reply.headers, reply.bytes.length));
    response.end(reply.bytes);
  }

  /** Sends a request to the engine under the token that is right by now. */
  async function exchange(
    incoming: IncomingMessage,
    { operation, body }: ProxiedRequest,
    bytes: Buffer,
  ): Promise<RawReply> {
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
    const headers = ownHeaders(incoming.headers, outgoing.length);
    const target = {
      agent,
      hostname: engine.hostname,
      port: engine.port,
      path: '/',
      method: 'POST',
      headers,
    };
    const reply = await new Promise<RawReply>((fulfil, reject) => {
      const forwarded = send(target, (answer) => {
        readBytes(answer).then(
          (content) => fulfil({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: content }),
          reject,
        );
      });
      forwarded.on('error', reject);
      forwarded.end(outgoing);
    }).catch((cause: unknown) => {
      throw new FaultProxyError('engine-unreachable', 'the engine gave no answer', { cause });
    });
    if (typeof token === 'string' && reply.status === 200) {
      tokens.complete(token);
    }
    return reply;
  }

  await new Promise<void>((fulfil, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', fulfil);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: (client) => `http://127.0.0.1:${port}/${client}`,
    tokens,
    figures: () => meter.figures(),
    get failure() {
      return failure;
    },
    close: async () => {
      isClosed = true;
      const closed = new Promise<void>((fulfil) => server.close(() => fulfil()));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

async function decide(
  ask: () => FaultDecision | undefined | Promise<FaultDecision | undefined>,
): Promise<FaultDecision> {
  try {
    return (await ask()) ?? 'pass';
  } catch (cause) {
    throw new FaultProxyError('plan-failed', 'the plan of faults failed', { cause });
  }
}

/** Carries a decision out; true when the message goes on. */
function passes(decision: FaultDecision, response: ServerResponse): boolean {
  if (decision === 'pass') {
    return true;
  }
  if (decision === 'drop') {
    response.destroy();
    return false;
  }
  const bytes = Buffer.from(JSON.stringify(decision.body));
  response.writeHead(decision.status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': bytes.length,
  });
  response.end(bytes);
  return false;
}

function ownHeaders(
  headers: IncomingHttpHeaders,
  length: number,
): Record<string, string | string[] | number> {
  const kept: Record<string, string | string[] | number> = { 'content-length': length };
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !OWN_HEADERS.has(name)) {
      kept[name] = value;
    }
  }
  return kept;
}

async function readBytes(message: IncomingMessage): Promise<Buffer> {
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

function parseObject(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // What is no JSON is for the engine to refuse.
    return {};
  }
}
