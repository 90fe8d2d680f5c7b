import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ApplicationRecord,
  readBody,
  startLoopbackServer,
  waitUntilIdle,
} from '@oncefold/local-runtime';
import { z } from 'zod';
import type { Lifetime } from '../command-line/lifetime.ts';
import type { Pipeline } from '../pipeline/start-pipeline.ts';

/** What {@link startControlEndpoint} is made of. */
export interface Controlled {
  readonly pipeline: Pick<Pipeline, 'application' | 'running' | 'failed' | 'faults'>;
  readonly record: ApplicationRecord;
  readonly lifetime: Pick<Lifetime, 'requestEnd'>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const BODY_BYTES_MAX = 10_000;
const WAIT_MS_MAX = 600_000;
/** Longest time for answers when the endpoint is closed. */
const LAST_ANSWERS_MS = 1_000;

const waiting = z.strictObject({
  timeoutMs: z.number().int().min(1).max(WAIT_MS_MAX).optional(),
  attemptsMax: z.number().int().min(1).optional(),
  windows: z.boolean().optional(),
});

/** What is served, and by which method. */
const routes: Readonly<Record<string, string>> = {
  '/wait-until-idle': 'POST',
  '/stop': 'POST',
  '/invocations': 'GET',
  '/logs': 'GET',
  '/destinations': 'GET',
  '/faults': 'GET',
};

/**
 * Serves what a test in any language needs of a running application, on the loopback address: to wait until it is idle, and what
 * has happened, as JSON.
 *
 * A page in a browser gets nothing: it would be somebody else's.
 */
export async function startControlEndpoint(
  controlled: Controlled,
): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
  const open = new Set<Promise<unknown>>();
  const server = await startLoopbackServer((request, response) => {
    answer(request, response, controlled).then(
      (made) => send(response, made),
      (error: unknown) => send(response, problem(500, String(error))),
    );
    const closed = once(response, 'close').finally(() => open.delete(closed));
    open.add(closed);
  });
  return {
    endpoint: server.endpoint,
    async close() {
      // Whoever waits is told why that is over: at once, since the application has ended or failed by now.
      await Promise.race([Promise.allSettled(open), sleep(LAST_ANSWERS_MS, undefined, { ref: false })]);
      await server.close();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  controlled: Controlled,
): Promise<Answer> {
  const { pipeline, record, lifetime } = controlled;
  const isLocal = request.headers.host === `127.0.0.1:${request.socket.localPort}`;
  if (!isLocal || request.headers.origin !== undefined) {
    return problem(
      403,
      'only programs of this machine are answered, under the address that the ready line names',
    );
  }
  const path = request.url ?? '';
  const method = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (method === undefined) {
    return problem(404, `there is no ${path}; there are ${Object.keys(routes).join(', ')}`);
  }
  if (request.method !== method) {
    return problem(405, `${path} is asked for with ${method}`);
  }
  switch (path) {
    case '/wait-until-idle':
      return wait(request, response, controlled);
    case '/stop':
      response.once('finish', () => lifetime.requestEnd('ended by its control endpoint'));
      return { status: 202, body: { stopping: true } };
    case '/invocations':
      return { status: 200, body: { invocations: record.invocations() } };
    case '/logs':
      return { status: 200, body: { logs: record.logs() } };
    case '/destinations':
      return { status: 200, body: { destinations: record.destinations() } };
    default:
      return { status: 200, body: pipeline.faults?.injected() ?? { faults: [], counts: {} } };
  }
}

/** Answers when the wait has ended, and says how. A client that goes away ends it. */
async function wait(
  request: IncomingMessage,
  response: ServerResponse,
  { pipeline, record }: Controlled,
): Promise<Answer> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const options = await readWaiting(request);
  if ('refusal' in options) {
    return problem(400, options.refusal);
  }
  try {
    await waitUntilIdle({ ...pipeline, record }, { ...options.waiting, signal: gone.signal });
    return { status: 200, body: { idle: true } };
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      return { status: 200, body: { idle: false, code: error.code, message: error.message } };
    }
    throw error;
  }
}

/** Reads the options of a wait, or says in one line why they are none. */
async function readWaiting(
  request: IncomingMessage,
): Promise<{ readonly waiting: z.infer<typeof waiting> } | { readonly refusal: string }> {
  const { text } = await readBody(request, BODY_BYTES_MAX);
  if (text === undefined) {
    return { refusal: `the body has more than ${BODY_BYTES_MAX} bytes` };
  }
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch {
    return { refusal: 'the body is no JSON' };
  }
  const parsed = waiting.safeParse(body);
  return parsed.success
    ? { waiting: parsed.data }
    : { refusal: parsed.error.issues.map(describe).join('; ') };
}

function describe({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

function problem(status: number, message: string): Answer {
  return { status, body: { message } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
