/**
 * The program of a function process: loads the handler and runs it for one invocation after another.
 *
 * It speaks the Lambda Runtime API as the managed Node.js runtime does, and imports no package, so that a function's
 * process holds the function and little else. Handlers are run as in the runtime that the template names, whichever
 * Node.js runs them. Streaming handlers are refused at init.
 */
import { Agent, type IncomingHttpHeaders, request as send } from 'node:http';
import { isNativeError } from 'node:util/types';
import { callWithCallback, type Handler, takesCallback } from './node/call-handler.ts';
import { nodeMajorOf } from './node/lambda-packages.ts';
import { loadHandler } from './node/load-handler.ts';
import { readLogSettings, structureConsole, structuredLine } from './node/structured-console.ts';

const STACK_LINES_MAX = 50;
const [hostname = '', port = ''] = environment('AWS_LAMBDA_RUNTIME_API').split(':');
const runtimeMajor = nodeMajorOf(environment('AWS_EXECUTION_ENV'));
const logSettings = readLogSettings(process.env);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
/** The invocation that the handler has now; what fails outside of the handler is its failure. */
let currentRequestId: string | undefined;
let isEnding = false;

process.on('uncaughtException', (error) => void reportAndExit(error, 1));
process.on('unhandledRejection', (reason) => {
  const error = new Error(reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason), {
    cause: reason,
  });
  error.name = 'Runtime.UnhandledPromiseRejection';
  if (reason instanceof Error && reason.stack !== undefined) {
    error.stack = reason.stack;
  }
  void reportAndExit(error, 1);
});

if (logSettings.isStructured) {
  structureConsole(logSettings.level, () => currentRequestId);
}
const handler = await loadHandler(
  environment('LAMBDA_TASK_ROOT'),
  environment('_HANDLER'),
  runtimeMajor,
).catch((error: unknown) => reportAndExit(error, 1));
for (;;) {
  const invocation = await call('GET', 'invocation/next').catch(() => process.exit(1));
  await runHandler(handler, invocation);
}

async function runHandler(
  run: Handler,
  { headers, body }: { headers: IncomingHttpHeaders; body: string },
): Promise<void> {
  const requestId = String(headers['lambda-runtime-aws-request-id']);
  process.env['_X_AMZN_TRACE_ID'] = String(headers['lambda-runtime-trace-id'] ?? '');
  currentRequestId = requestId;
  let path: string;
  let answer: string;
  try {
    const event: unknown = JSON.parse(body);
    const context = createContext(headers);
    const call = takesCallback(runtimeMajor) ? callWithCallback(run, event, context) : run(event, context);
    answer = JSON.stringify((await call) ?? null);
    path = `invocation/${requestId}/response`;
  } catch (error) {
    answer = describeError('Invoke Error', error);
    path = `invocation/${requestId}/error`;
  }
  if (isEnding) {
    // The failure outside of the handler is on its way, and what the handler answered since must not overtake it.
    return new Promise(() => undefined);
  }
  currentRequestId = undefined;
  // The other end is the process that started this one; when it is gone there is nobody left to work for.
  await call('POST', path, answer).catch(() => process.exit(1));
}

function createContext(headers: IncomingHttpHeaders): object {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: environment('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: environment('AWS_LAMBDA_FUNCTION_VERSION'),
    memoryLimitInMB: environment('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: environment('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: environment('AWS_LAMBDA_LOG_STREAM_NAME'),
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

/** Reports a failure that leaves the process in an unknown state, and ends the process. */
async function reportAndExit(error: unknown, status: number): Promise<never> {
  isEnding = true;
  const path = currentRequestId === undefined ? 'init/error' : `invocation/${currentRequestId}/error`;
  const isInit = currentRequestId === undefined;
  const body = describeError(isInit ? 'Uncaught Exception' : 'Invoke Error', error);
  // The agent's one connection may be waiting for an invocation, so that this needs a connection of its own.
  await call('POST', path, body, new Agent()).catch(() => undefined);
  process.exit(status);
}

/** Writes the error to the log as the managed runtime does, and returns it as the Runtime API takes it. */
function describeError(title: string, error: unknown): string {
  const description = propertiesOf(error);
  const text = JSON.stringify(description);
  const time = new Date().toISOString();
  const line = logSettings.isStructured
    ? structuredLine('ERROR', currentRequestId, [description])
    : `${time}\t${currentRequestId ?? 'undefined'}\tERROR\t${title}\t${text}`;
  process.stderr.write(`${line}\n`);
  return text;
}

/** Reads an error, of this or another realm, or whatever else was thrown, as the managed runtime does. */
function propertiesOf(error: unknown): { errorType: string; errorMessage: string; stackTrace: string[] } {
  try {
    if (isNativeError(error) || error instanceof Error) {
      const stackTrace = String(error.stack ?? '')
        .split('\n')
        .slice(0, STACK_LINES_MAX);
      return { errorType: String(error.name), errorMessage: String(error.message), stackTrace };
    }
    return { errorType: typeof error, errorMessage: String(error), stackTrace: [] };
  } catch {
    const errorMessage =
      'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack';
    return { errorType: 'handled', errorMessage, stackTrace: [] };
  }
}

function environment(name: string): string {
  return process.env[name] ?? '';
}

/** One request to the Runtime API; the answer to `next` may take for ever. */
function call(
  method: 'GET' | 'POST',
  path: string,
  body?: string,
  useAgent: Agent = agent,
): Promise<{ headers: IncomingHttpHeaders; body: string }> {
  return new Promise((fulfil, reject) => {
    const headers =
      body === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const request = send(
      { hostname, port, method, path: `/2018-06-01/runtime/${path}`, headers, agent: useAgent },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          fulfil({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
