import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { whyUnreadable } from '../command-line/why-unreadable.ts';

/** Variables for functions, from a file as `sam local --env-vars` takes it. */
export interface EnvVars {
  /** Absolute path. */
  readonly file: string;
  /** For every function: what the file has under `Parameters`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** By logical id, such as `Workshop/GeneratorFunction`, or by function name. */
  readonly functions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const schema = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * Reads a file of the form `{"Parameters": {"NAME": "value"}, "FunctionLogicalId": {"NAME": "value"}}`.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-invoke.html
 */
export function readEnvVars(path: string): EnvVars {
  const file = resolve(path);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CouldNotRunError(
      `could not read the variables of --env-vars ${file}: ${whyUnreadable(cause)}`,
      { cause },
    );
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    throw new CouldNotRunError(
      `${file} must have the form {"FunctionLogicalId": {"NAME": "value"}, "Parameters": {"NAME": "value"}}`,
      { cause: parsed.error },
    );
  }
  const { Parameters = {}, ...functions } = parsed.data;
  return {
    file,
    parameters: asText(Parameters),
    functions: Object.fromEntries(Object.entries(functions).map(([id, values]) => [id, asText(values)])),
  };
}

/** What is no single value is empty, as in the SAM CLI. */
function asText(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'object' || value === undefined ? '' : String(value),
    ]),
  );
}
