import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { startLoopbackServer } from '../http/loopback-server.ts';
import { readBody } from '../http/read-body.ts';
import { type Invocation, PAYLOAD_BYTES_MAX, type ReportedError } from './invocation.ts';

/** The requests of a runtime client; each call is one that was understood. */
export interface RuntimeApiEvents {
  /** The client is initialized and waits for an invocation. */
  onNext(): void;
  onResponse(payload: string): void;
  onError(error: ReportedError): void;
  onInitError(error: ReportedError): void;
  /**
   * Gives the folder in whose `node_modules` a package is that Lambda's runtime brings. Not of Lambda: it is what a
   * Node.js process asks for a module that it does not find.
   */
  onPackage(name: string): Promise<string>;
}

export interface RuntimeApi {
  /** Value of `AWS_LAMBDA_RUNTIME_API`: host and port without a scheme. */
  readonly address: string;
  /**
   * Hands an invocation to the client, at once if it waits for one, else when it asks: its request may have been broken off meanwhile.
   *
   * @param deadlineMs - when the function will be stopped, milliseconds since the epoch
   */
  dispatch(invocation: Invocation, deadlineMs: number, traceId: string): void;
  close(): void;
}

const VERSION = '2018-06-01';
/** Path under which the name of a package follows. */
const PACKAGES = '/oncefold/packages/';
/** Trailer of a response that is streamed and fails half-way: the error, as JSON in base64. */
const STREAM_ERROR = 'lambda-runtime-function-error-body';
const ERROR_TYPE = 'lambda-runtime-function-error-type';
/** A longer text of an error is cut off: it is for people. */
const ERROR_MESSAGE_LENGTH_MAX = 262_144;
/** The client for Python sends up to a mebibyte of stack and message in one header, and ends when that is refused. */
const HEADER_BYTES_MAX = 2 * 1_048_576;

/**
 * Serves the Lambda Runtime API to one function process, on a free port of the loopback address.
 *
 * Any client of that API works with it, the public `aws-lambda-ric` and the project's own. The order of calls is
 * enforced: a client can only answer the invocation that it was given, once.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startRuntimeApi(functionArn: string, events: RuntimeApiEvents): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let current: string | undefined;
  let handOver: ((response: ServerResponse) => void) | undefined;

  // The client keeps one connection for its whole life and leaves it alone while the handler runs.
  const server = await startLoopbackServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // The client went away in the middle of a request; that its process ends is seen elsewhere.
      if (!response.headersSent) {
        answer(response, 400, { errorType: 'InvalidRequest', errorMessage: String(error) });
      }
    });
  }, HEADER_BYTES_MAX);
  server.unref();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (request.method === 'GET' && path === `/${VERSION}/runtime/invocation/next`) {
      return next(response);
    }
    if (request.method !== 'POST') {
      return answer(response, 404, NOT_FOUND);
    }
    if (path === `/${VERSION}/runtime/init/error`) {
      const { beginning } = await readBody(request, PAYLOAD_BYTES_MAX);
      events.onInitError(reportedError(beginning, request.headers));
      return answer(response, 202, OK);
    }
    if (path.startsWith(PACKAGES)) {
      const found = await events.onPackage(decodeURIComponent(path.slice(PACKAGES.length))).then(
        (directory) => ({ directory }),
        (error: Error) => ({ errorMessage: error.message }),
      );
      return answer(response, 200, found);
    }
    const match = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/.exec(path);
    if (match?.[1] === undefined) {
      return answer(response, 404, NOT_FOUND);
    }
    const body = await readBody(request, PAYLOAD_BYTES_MAX);
    if (match[1] !== current) {
      return answer(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' });
    }
    current = undefined;
    const streamError = request.trailers[STREAM_ERROR];
    if (streamError !== undefined) {
      const text = Buffer.from(streamError, 'base64').toString('utf8');
      events.onError(reportedError(text, request.headers));
    } else if (match[2] === 'error') {
      events.onError(reportedError(body.beginning, request.headers));
    } else if (body.text === undefined) {
      const errorMessage = `Response payload size exceeded maximum allowed payload size (${PAYLOAD_BYTES_MAX} bytes).`;
      events.onError({ errorType: TOO_LARGE, errorMessage, stackTrace: [] });
      return answer(response, 413, { errorType: 'RequestEntityTooLarge', errorMessage });
    } else {
      events.onResponse(body.text);
    }
    answer(response, 202, OK);
  }

  function next(response: ServerResponse): void {
    if (handOver !== undefined) {
      handOver(response);
      return;
    }
    if (waiting !== undefined || current !== undefined) {
      answer(response, 403, INVALID_TRANSITION);
      return;
    }
    waiting = response;
    // A client that gives up waiting, such as at a time limit of its own, asks again.
    response.once('close', () => {
      waiting = waiting === response ? undefined : waiting;
    });
    events.onNext();
  }

  return {
    address: new URL(server.endpoint).host,
    dispatch(invocation, deadlineMs, traceId) {
      if (current !== undefined || handOver !== undefined) {
        throw new Error('invariant: an invocation was dispatched to a client that has one');
      }
      handOver = (response) => {
        handOver = undefined;
        waiting = undefined;
        current = invocation.requestId;
        response.writeHead(200, {
          ...headersOf(invocation, deadlineMs, traceId),
          'Lambda-Runtime-Invoked-Function-Arn': invocation.invokedFunctionArn ?? functionArn,
        });
        // As bytes: of text, its length in bytes would be computed before it is encoded.
        response.end(Buffer.from(invocation.payload));
      };
      if (waiting !== undefined) {
        handOver(waiting);
      }
    },
    close: () => void server.close(),
  };
}

/** The error type under which Lambda reports an answer that is too large. */
export const TOO_LARGE = 'Function.ResponseSizeTooLarge';
const OK = { status: 'OK' };
const INVALID_TRANSITION = {
  errorType: 'InvalidStateTransition',
  errorMessage: 'State transition is not allowed',
};
const NOT_FOUND = { errorType: 'NotFound', errorMessage: 'No such resource of the Runtime API' };

function headersOf(
  { requestId }: Invocation,
  deadlineMs: number,
  traceId: string,
): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Aws-Request-Id': requestId,
    'Lambda-Runtime-Deadline-Ms': String(deadlineMs),
    'Lambda-Runtime-Trace-Id': traceId,
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Takes what any client may send as an error, in whatever shape; the type may stand in a header only. */
function reportedError(text: string, headers: IncomingHttpHeaders): ReportedError {
  const header = headers[ERROR_TYPE];
  const errorType = typeof header === 'string' && header !== '' ? header : 'Runtime.Unknown';
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { errorType, errorMessage: text.slice(0, 1_000), stackTrace: [] };
  }
  const fields = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Record<string, unknown>;
  const trace = fields['stackTrace'] ?? fields['trace'];
  return {
    errorType: typeof fields['errorType'] === 'string' ? fields['errorType'] : errorType,
    errorMessage:
      typeof fields['errorMessage'] === 'string'
        ? fields['errorMessage'].slice(0, ERROR_MESSAGE_LENGTH_MAX)
        : '',
    stackTrace: Array.isArray(trace) ? trace.map(stackFrame) : [],
  };
}

/** A line of text in most languages; the client of Go sends fields. */
function stackFrame(frame: unknown): string {
  if (typeof frame !== 'object' || frame === null) {
    return String(frame);
  }
  const { label, path, line } = frame as Record<string, unknown>;
  return typeof path === 'string' ? `${label ?? ''} (${path}:${line ?? '?'})` : JSON.stringify(frame);
}
