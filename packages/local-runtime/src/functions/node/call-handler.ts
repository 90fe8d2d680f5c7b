/** What a handler's module exports under the handler's name. */
export type Handler = (event: unknown, context: object, callback?: Callback) => unknown;
type Callback = (error?: unknown, result?: unknown) => void;

/** The runtimes up to this one take handlers with a callback. */
const CALLBACK_RUNTIME_MAX = 22;
/** What happens when nothing is left to do while a handler with a callback has an invocation. */
let onEmptyEventLoop: (() => void) | undefined;
let isListening = false;

export function takesCallback(runtimeMajor: number): boolean {
  return runtimeMajor <= CALLBACK_RUNTIME_MAX;
}

/**
 * Runs a handler as Node.js 22 and earlier do on Lambda: with a callback, and `done`, `succeed` and `fail` in the context.
 *
 * A promise answers for the handler. Without one, the first call of one of the functions does: `callback` when the event
 * loop is empty, or at once if `callbackWaitsForEmptyEventLoop` is false; the others, and errors, at once. If there is
 * nothing left to do and none was called, the answer is null; of an async handler that is an error.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function callWithCallback(handler: Handler, event: unknown, fields: object): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  let isCalled = false;

  function once(answer: (error: unknown, result: unknown) => void): Callback {
    return (error, result) => {
      if (!isCalled) {
        isCalled = true;
        onEmptyEventLoop = undefined;
        answer(error, result);
      }
    };
  }
  const done = once((error, result) => (isError(error) ? reject(error) : resolve(result)));
  const callback = once((error, result) => {
    if (isError(error)) {
      reject(error);
    } else if (context.callbackWaitsForEmptyEventLoop) {
      onEmptyEventLoop = () => resolve(result);
    } else {
      resolve(result);
    }
  });
  const context = {
    ...fields,
    callbackWaitsForEmptyEventLoop: true,
    done,
    succeed: (result?: unknown): void => done(null, result),
    fail: (error?: unknown): void => done(error ?? 'handled'),
  };
  whenEventLoopIsEmpty(() => (isAsync(handler) ? reject(neverSettled()) : resolve(null)));
  try {
    const returned = handler(event, context, callback);
    if (isPromise(returned)) {
      returned.then(context.succeed, context.fail);
    }
  } catch (error) {
    callback(error ?? 'handled');
  }
  return promise;
}

function whenEventLoopIsEmpty(answer: () => void): void {
  onEmptyEventLoop = answer;
  if (!isListening) {
    isListening = true;
    process.on('beforeExit', () => {
      const run = onEmptyEventLoop;
      onEmptyEventLoop = undefined;
      // Node.js ends unless there is something to do before this returns.
      if (run !== undefined) {
        setImmediate(run);
      }
    });
  }
}

function isError(error: unknown): boolean {
  return error !== undefined && error !== null;
}

function isAsync(handler: Handler): boolean {
  return handler.constructor.name === 'AsyncFunction';
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function neverSettled(): Error {
  const error = new Error('The event loop is empty, and the promise of the handler never settled');
  error.name = 'Runtime.NodeJsExit';
  return error;
}
