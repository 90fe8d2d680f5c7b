import { TemplateError } from './template-error.ts';

/** What Lambda sets itself. Others that it sets, such as `PATH`, `TZ` and `NODE_OPTIONS`, a function may set, too. */
const RESERVED: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);
const NAME = /^[a-zA-Z][a-zA-Z0-9_]+$/;

/**
 * Checks the names of a function's variables: Lambda creates no function with another, and here its value would be lost in silence.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function checkVariables(names: readonly string[], where: string): void {
  for (const name of names) {
    if (RESERVED.has(name)) {
      throw new TemplateError(`${where}.${name}`, 'Lambda sets it itself and refuses it here');
    }
    if (!NAME.test(name)) {
      throw new TemplateError(
        `${where}.${name}`,
        'is no name for a variable: Lambda takes a letter, and then letters, digits and underscores',
      );
    }
  }
}
