import { z } from 'zod';
import type { FunctionResource } from './application.ts';
import { checkVariables } from './check-variables.ts';
import type { RawResource } from './raw-template.ts';
import { type ReadingContext, readProperties } from './resource-properties.ts';
import { text, wholeNumber } from './shapes.ts';
import { LAMBDA_FUNCTION, SERVERLESS_FUNCTION } from './support/function-properties.ts';
import { TemplateError } from './template-error.ts';
import { Unknown } from './unknown.ts';

const properties = z.object({
  Handler: text.optional(),
  Runtime: text,
  CodeUri: z.unknown().optional(),
  Code: z.unknown().optional(),
  InlineCode: text.optional(),
  PackageType: text.optional(),
  Layers: z.array(text).default([]),
  Timeout: wholeNumber(1, 900).default(3),
  MemorySize: wholeNumber(128, 32_768).default(128),
  Environment: z.object({ Variables: z.record(z.string(), text).default({}) }).optional(),
  ReservedConcurrentExecutions: wholeNumber(0, 100_000).optional(),
  LoggingConfig: z.object({ LogFormat: text.optional(), ApplicationLogLevel: text.optional() }).optional(),
});

const RUNTIMES = /^(?:nodejs|python3\.|java|provided)/;
/** Runtimes whose code is one program, which needs no handler to be found. */
const PROVIDED = /^provided/;
/** Runtimes whose code may be in the template; others are compiled. */
const INLINE = /^(?:nodejs|python3\.)/;

const NAME = /^[a-zA-Z0-9-_]{1,64}$/;

/** Why a function cannot run here; undefined for one that can. */
export function findObstacle(
  logicalId: string,
  resource: RawResource,
  { resolver }: Pick<ReadingContext, 'resolver'>,
): string | undefined {
  const propertyOf = (name: string): unknown => {
    const given = resource.properties[name] ?? undefined;
    const value =
      given === undefined ? undefined : resolver.compute(given, `Resources.${logicalId}.Properties.${name}`);
    return typeof value === 'symbol' ? undefined : value;
  };
  const packageType = propertyOf('PackageType') ?? 'Zip';
  const runtime = propertyOf('Runtime');
  const code = propertyOf('CodeUri') ?? propertyOf('Code');
  const isInline = propertyOf('InlineCode') !== undefined || hasFile(code);
  if (packageType !== 'Zip' || propertyOf('ImageUri') !== undefined) {
    return 'a function from a container image is not emulated';
  }
  if (isInline && runtime !== undefined && !(runtime instanceof Unknown) && !INLINE.test(String(runtime))) {
    return `a function of the runtime ${String(runtime)} cannot have its code in the template`;
  }
  if (!isInline && code !== undefined && (typeof code !== 'string' || code.startsWith('s3:'))) {
    return 'a function whose code is in a bucket is not emulated';
  }
  if (runtime === undefined || (propertyOf('Handler') === undefined && !PROVIDED.test(String(runtime)))) {
    return 'a function needs a handler and a runtime';
  }
  return runtime instanceof Unknown || RUNTIMES.test(String(runtime))
    ? undefined
    : `a function of the runtime ${String(runtime)} is not emulated`;
}

/** Reads a function that has no obstacle. */
export function readFunction(
  logicalId: string,
  resource: RawResource,
  options: {
    readonly context: ReadingContext;
    /** Directories of layers, by ARN. */
    readonly layers: ReadonlyMap<string, string>;
    /** Whether a mapping feeds it. Nothing runs one that no mapping feeds, so that values may be missing from it. */
    readonly isFed: boolean;
  },
): FunctionResource {
  const { context, layers, isFed } = options;
  const where = `Resources.${logicalId}.Properties`;
  const found = readProperties(
    {
      properties: resource.properties,
      where,
      support: resource.type === 'AWS::Serverless::Function' ? SERVERLESS_FUNCTION : LAMBDA_FUNCTION,
      schema: isFed ? properties : properties.extend({ Runtime: text.default('unknown') }),
      mayBeUnknown: (name) => !isFed || /^(?:Environment\.Variables|Layers)(?:\.|$)/.test(name),
    },
    context,
  );
  const functionName = context.nameOf(logicalId);
  if (!NAME.test(functionName)) {
    throw new TemplateError(`${where}.FunctionName`, `${functionName} is no name that Lambda takes`);
  }
  const variables = found.Environment?.Variables ?? {};
  checkVariables(Object.keys(variables), `${where}.Environment.Variables`);
  const inlineCode = found.InlineCode ?? fileOf(found.Code);
  const code = found.CodeUri ?? found.Code;
  return {
    logicalId,
    functionName,
    handler: found.Handler ?? 'bootstrap',
    codeUri: inlineCode === undefined && typeof code === 'string' ? code : '',
    ...(inlineCode === undefined ? {} : { inlineCode }),
    layers: found.Layers.flatMap((arn, index) => {
      const directory = layers.get(arn);
      if (directory === undefined) {
        context.report(`${where}.Layers.${index}`, `the layer ${arn} is not in this template`);
      }
      return directory ?? [];
    }),
    runtime: found.Runtime,
    timeoutSeconds: found.Timeout,
    memorySize: found.MemorySize,
    environment: { ...logEnvironment(found.LoggingConfig), ...variables },
    ...(found.ReservedConcurrentExecutions === undefined
      ? {}
      : { reservedConcurrency: found.ReservedConcurrentExecutions }),
  };
}

function hasFile(code: unknown): code is { readonly ZipFile: unknown } {
  return typeof code === 'object' && code !== null && 'ZipFile' in code;
}

function fileOf(code: unknown): string | undefined {
  return hasFile(code) ? String(code.ZipFile) : undefined;
}

/** Lambda tells a function its log settings in these variables. */
function logEnvironment(config: z.output<typeof properties>['LoggingConfig']): Record<string, string> {
  return {
    ...(config?.LogFormat === undefined ? {} : { AWS_LAMBDA_LOG_FORMAT: config.LogFormat }),
    ...(config?.ApplicationLogLevel === undefined
      ? {}
      : { AWS_LAMBDA_LOG_LEVEL: config.ApplicationLogLevel }),
  };
}
