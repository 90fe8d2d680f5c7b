import type { IncomingMessage, ServerResponse } from 'node:http';
import { startLoopbackServer } from '../http/loopback-server.ts';
import { readBytes, withLength } from '../http/message.ts';
import { createEngineConnection } from './engine-connection.ts';
import type { EngineReply, FaultDecision, FaultPlan, ProxiedRequest } from './fault-plan.ts';
import { FaultProxyError } from './fault-proxy-error.ts';
import { type RequestFigures, RequestMeter } from './request-meter.ts';
import { TokenWindow } from './token-window.ts';

export interface FaultProxyOptions {
  readonly engine: string;
  /** Asked for each message; it may change what it says at any time. Without it everything is passed on. */
  readonly plan?: FaultPlan;
  /** Ages tokens; by default by AWS's rule and this machine's clock. */
  readonly tokens?: TokenWindow;
  /** Whether capacity is asked for and counted, for which every operation must be a known one; by default it is. */
  readonly isMetered?: boolean;
}

export interface FaultProxy {
  /** Base URL for one client. */
  endpoint(client: string): string;
  readonly tokens: TokenWindow;
  figures(): RequestFigures;
  /** What kept the proxy from doing its work, the first time that something did: no planned fault, but a defect. */
  readonly failure: FaultProxyError | undefined;
  /** Ends all connections; requests that are held are never passed on. */
  close(): Promise<void>;
}

/**
 * Starts a proxy on a free port of the loopback address.
 *
 * Each request is read whole, decided on, and sent on; its capacity is asked for, and its token is aged as AWS documents,
 * because DynamoDB Local never forgets a token rightly. Signatures become wrong by that: local engines do not check them.
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { plan = {}, isMetered = true, tokens = new TokenWindow() } = options;
  const engine = createEngineConnection({ engine: options.engine, tokens, isMetered });
  const meter = new RequestMeter();
  let failure: FaultProxyError | undefined;
  let isClosed = false;

  const server = await startLoopbackServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      // Without the function there is nobody to answer; that it went away is the fault that was asked for.
      if (error instanceof FaultProxyError && !isClosed) {
        failure ??= error;
      }
      response.destroy();
    });
  });

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
    const reply = await engine.forward(request, incoming.headers, bytes);
    const parsed: EngineReply = { status: reply.status, body: parseObject(reply.bytes) };
    if (isMetered) {
      meter.measure(request, parsed);
    }
    if (!passes(await decide(() => plan.afterEngine?.(request, parsed)), response)) {
      return;
    }
    response.writeHead(reply.status, withLength(reply.headers, reply.bytes.length));
    response.end(reply.bytes);
  }

  return {
    endpoint: (client) => `${server.endpoint}/${client}`,
    tokens,
    figures: () => meter.figures(),
    get failure() {
      return failure;
    },
    close: async () => {
      isClosed = true;
      engine.destroy();
      await server.close();
    },
  };
}

async function decide(
  ask: () => FaultDecision | undefined | Promise<FaultDecision | undefined>,
): Promise<FaultDecision> {
  try {
    return (await ask()) ?? 'pass';
  } catch (cause) {
    throw new FaultProxyError('the plan of faults failed', { code: 'plan-failed', cause });
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

function parseObject(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // What is no JSON is for the engine to refuse.
    return {};
  }
}
