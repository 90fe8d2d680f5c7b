import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type RunningApplication, readBody, startLoopbackServer } from '@oncefold/local-runtime';
import type { Application } from '@oncefold/sam-template';

/** What {@link startInvokeEndpoint} is made of. */
interface Invokable {
  readonly application: Pick<Application, 'functions'>;
  readonly running: Pick<RunningApplication, 'functions'>;
}

export interface InvokeEndpoint {
  readonly endpoint: string;
  /** Begins to serve the functions; until then a caller is asked to retry. */
  serve(application: Invokable): void;
  close(): Promise<void>;
}

/** Lambda's own limit for a synchronous invocation: 6 MB. */
const PAYLOAD_BYTES_MAX = 6 * 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** SDKs try again after it. */
const STARTING = failure(429, 'TooManyRequestsException', 'the application is starting');

/**
 * Serves Lambda's Invoke API for the functions of a running application, on the loopback address.
 *
 * Only `RequestResponse`: that is what the SDK's `InvokeCommand` asks for by default. A function is named by its name or its ARN,
 * with or without a version or an alias, which all mean the code that runs.
 *
 * It is there before the functions are, so that they can be told its address.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function startInvokeEndpoint(): Promise<InvokeEndpoint> {
  let invokable: Invokable | undefined;
  const server = await startLoopbackServer((request, response) => {
    const answering = invokable === undefined ? Promise.resolve(STARTING) : answer(request, invokable);
    answering.then(
      (made) => send(response, made),
      (error: unknown) => send(response, failure(500, 'ServiceException', String(error))),
    );
  });
  return {
    endpoint: server.endpoint,
    serve(application) {
      invokable = application;
    },
    close: () => server.close(),
  };
}

async function answer(request: IncomingMessage, { application, running }: Invokable): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const [, encoded] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathname) ?? [];
  if (request.method !== 'POST' || encoded === undefined) {
    return failure(404, 'ResourceNotFoundException', 'only Invoke is served here');
  }
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type !== 'RequestResponse') {
    return failure(
      400,
      'InvalidParameterValueException',
      `the invocation type ${String(type)} is not served here`,
    );
  }
  const { name, qualifier: ownQualifier } = functionIn(decodeURIComponent(encoded));
  const qualifier = searchParams.get('Qualifier') ?? ownQualifier;
  const resource = application.functions.find(({ functionName }) => functionName === name);
  const pool = resource === undefined ? undefined : running.functions.get(resource.logicalId);
  if (pool === undefined) {
    return failure(404, 'ResourceNotFoundException', `Function not found: ${name}`);
  }
  const { text: payload } = await readBody(request, PAYLOAD_BYTES_MAX);
  if (payload === undefined) {
    return failure(413, 'RequestTooLargeException', `the payload is larger than ${PAYLOAD_BYTES_MAX} bytes`);
  }
  const event = payload === '' ? '{}' : payload;
  const problem = problemOfJson(event);
  if (problem !== undefined) {
    return failure(
      400,
      'InvalidRequestContentException',
      `Could not parse request body into json: ${problem}`,
    );
  }
  const result = await pool.invoke({
    requestId: randomUUID(),
    payload: event,
    invokedFunctionArn: qualifier === undefined ? pool.arn : `${pool.arn}:${qualifier}`,
  });
  if (result.code === 'succeeded') {
    return { status: 200, headers: { 'X-Amz-Executed-Version': '$LATEST' }, body: result.payload };
  }
  if (result.cause === 'refused') {
    return failure(429, 'TooManyRequestsException', result.errorMessage);
  }
  const { errorType, errorMessage, stackTrace } = result;
  return {
    status: 200,
    headers: { 'X-Amz-Function-Error': 'Unhandled', 'X-Amz-Executed-Version': '$LATEST' },
    body: JSON.stringify({ errorType, errorMessage, trace: stackTrace }),
  };
}

function problemOfJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]`, or `<name>[:<qualifier>]`. */
function functionIn(text: string): { readonly name: string; readonly qualifier: string | undefined } {
  const [name = '', qualifier] = text.startsWith('arn:') ? text.split(':').slice(6) : text.split(':');
  return { name, qualifier };
}

function failure(status: number, type: string, message: string): Answer {
  return {
    status,
    headers: { 'x-amzn-ErrorType': type },
    body: JSON.stringify({ Message: message, Type: 'User' }),
  };
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(body);
}
