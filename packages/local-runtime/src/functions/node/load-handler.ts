import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HANDLER_ENDINGS, SOURCE_ENDINGS, splitHandlerName } from '../handler-name.ts';
import { type Handler, takesCallback } from './call-handler.ts';

/** Under which the managed runtime marks a handler that streams its response. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/**
 * Finds `directory/file.export.of.any.depth` in the function's folder, as the managed runtime does.
 *
 * @throws an error of the type under which Lambda reports it when there is no such function, or one that cannot be run
 */
export async function loadHandler(taskRoot: string, name: string, runtimeMajor: number): Promise<Handler> {
  const split = splitHandlerName(name);
  if (split === undefined || name.includes('..')) {
    throw initError('MalformedHandlerName', `Bad handler '${name}'`);
  }
  provideGlobal();
  const module = await loadModule(findFile(taskRoot, split.module, name));
  // A CommonJS module whose exports cannot be found by reading its text has them under `default` only.
  const found = pick(module, split.exportPath) ?? pick(module['default'], split.exportPath);
  if (typeof found !== 'function') {
    throw initError('HandlerNotFound', `${name} is undefined or not exported, or is not a function`);
  }
  if (STREAMING in found) {
    throw initError(
      'MalformedStreamingHandler',
      `${name} streams its response, which Oncefold's own runtime client does not: install aws-lambda-ric in the project`,
    );
  }
  if (found.length >= 3 && !takesCallback(runtimeMajor)) {
    throw initError(
      'CallbackHandlerDeprecated',
      `${name} takes a callback, which Lambda does not support from Node.js 24 on (the template's runtime is nodejs${runtimeMajor}.x); use an async handler`,
    );
  }
  return found as Handler;
}

function findFile(taskRoot: string, module: string, handler: string): string {
  const stem = join(taskRoot, module);
  const fileWith = (endings: readonly string[]): string | undefined =>
    endings.map((ending) => stem + ending).find((file) => existsSync(file));
  const file = fileWith(HANDLER_ENDINGS);
  if (file !== undefined) {
    return file;
  }
  const source = fileWith(SOURCE_ENDINGS);
  throw initError(
    'ImportModuleError',
    source === undefined
      ? `Cannot find module '${basename(module)}' of handler '${handler}' in ${taskRoot}`
      : `Cannot find module '${basename(module)}' of handler '${handler}': Lambda does not run ${source}; build it, with \`sam build\` (Metadata: BuildMethod: esbuild) or another bundler`,
  );
}

async function loadModule(file: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw wrapped('UserCodeSyntaxError', error);
    }
    if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') {
      throw wrapped('ImportModuleError', error);
    }
    throw error;
  }
}

/** What functions that stream call when they are loaded. */
function provideGlobal(): void {
  Object.assign(globalThis, {
    awslambda: {
      streamifyResponse: (handler: object) => Object.assign(handler, { [STREAMING]: 'response' }),
      HttpResponseStream: { from: (stream: unknown) => stream },
    },
  });
}

function pick(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split('.')) {
    found = (found as Record<string, unknown> | null | undefined)?.[key];
  }
  return found;
}

function wrapped(type: string, cause: Error): Error {
  const error = initError(type, `${cause.name}: ${cause.message}`, cause);
  if (cause.stack !== undefined) {
    error.stack = cause.stack;
  }
  return error;
}

function initError(type: string, message: string, cause?: Error): Error {
  const error = new Error(message, { cause });
  error.name = `Runtime.${type}`;
  return error;
}
