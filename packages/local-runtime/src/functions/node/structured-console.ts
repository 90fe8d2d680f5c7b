import { format } from 'node:util';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
type Level = (typeof LEVELS)[number];

/** Lambda's log settings of a function, as it tells them. */
export interface LogSettings {
  readonly isStructured: boolean;
  /** Lines of a lower level are left out. */
  readonly level: Level;
}

export function readLogSettings(environment: NodeJS.ProcessEnv): LogSettings {
  const level = environment['AWS_LAMBDA_LOG_LEVEL']?.toUpperCase();
  return {
    isStructured: environment['AWS_LAMBDA_LOG_FORMAT']?.toUpperCase() === 'JSON',
    level: LEVELS.find((known) => known === level) ?? 'TRACE',
  };
}

/**
 * Makes the console write one JSON object a line, as the managed runtime does for the log format JSON.
 *
 * @param requestId - of the invocation that runs, if one does
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export function structureConsole(level: Level, requestId: () => string | undefined): void {
  const write =
    (own: Level) =>
    (...values: unknown[]): void => {
      if (LEVELS.indexOf(own) >= LEVELS.indexOf(level)) {
        process.stdout.write(`${structuredLine(own, requestId(), values)}\n`);
      }
    };
  Object.assign(console, {
    trace: write('TRACE'),
    debug: write('DEBUG'),
    log: write('INFO'),
    info: write('INFO'),
    warn: write('WARN'),
    error: write('ERROR'),
  });
}

/** A value alone stays a value; several, or one that JSON has no form for, become text. */
export function structuredLine(
  level: Level,
  requestId: string | undefined,
  values: readonly unknown[],
): string {
  const entry = { timestamp: new Date().toISOString(), level, requestId };
  if (values.length === 1) {
    try {
      return JSON.stringify({ ...entry, message: values[0] }, describeErrors);
    } catch {
      // A circle, or a bigint.
      return JSON.stringify({ ...entry, message: format(values[0]) });
    }
  }
  const error = values.find((value) => value instanceof Error);
  return JSON.stringify({ ...entry, message: format(...values), ...(error && fieldsOf(error)) });
}

function describeErrors(_: string, value: unknown): unknown {
  return value instanceof Error ? { ...fieldsOf(value), ...value } : value;
}

function fieldsOf(error: Error): Readonly<Record<string, unknown>> {
  return {
    errorType: error.constructor.name,
    errorMessage: error.message,
    stackTrace: (error.stack ?? '').split('\n'),
  };
}
