import { z } from 'zod';
import type { FunctionResource } from './application.ts';
import type { RawResource } from './raw-template.ts';
import { type PropertyRules, type ReadingContext, readProperties } from './resource-properties.ts';
import { text, wholeNumber } from './shapes.ts';

const properties = z.object({
  Handler: text.optional(),
  Runtime: text.optional(),
  CodeUri: z.unknown().optional(),
  Code: z.unknown().optional(),
  InlineCode: z.unknown().optional(),
  PackageType: text.default('Zip'),
  Timeout: wholeNumber(1, 900).default(3),
  MemorySize: wholeNumber(128, 32_768).default(128),
  Environment: z.object({ Variables: z.record(z.string(), text).default({}) }).optional(),
  ReservedConcurrentExecutions: wholeNumber(0, 100_000).optional(),
  LoggingConfig: z.object({ LogFormat: text.optional(), ApplicationLogLevel: text.optional() }).optional(),
});

const RULES: PropertyRules<typeof properties> = {
  schema: properties,
  read: Object.keys(properties.shape),
  withoutLocalMeaning: [
    'Architectures',
    'AssumeRolePolicyDocument',
    'AutoPublishAlias',
    'AutoPublishAliasAllProperties',
    'DeploymentPreference',
    'Description',
    'Events',
    'FunctionName',
    'KmsKeyArn',
    'PermissionsBoundary',
    'Policies',
    'PropagateTags',
    'Role',
    'RolePath',
    'Tags',
    'Tracing',
    'TracingConfig',
    'VersionDescription',
  ],
};

export function readFunction(
  logicalId: string,
  resource: RawResource,
  context: ReadingContext,
): FunctionResource | undefined {
  const where = `Resources.${logicalId}.Properties`;
  const found = readProperties({ properties: resource.properties, logicalId, where, rules: RULES }, context);
  const code = found.CodeUri ?? found.Code;
  const obstacle =
    found.PackageType !== 'Zip'
      ? 'a function from a container image is not emulated'
      : found.InlineCode !== undefined || (code !== undefined && typeof code !== 'string')
        ? 'a function whose code is inline or in a bucket is not emulated'
        : typeof code === 'string' && code.startsWith('s3:')
          ? 'a function whose code is in a bucket is not emulated'
          : found.Handler === undefined || found.Runtime === undefined
            ? 'a function needs a handler and a runtime'
            : !found.Runtime.startsWith('nodejs')
              ? `a function of the runtime ${found.Runtime} is not emulated`
              : undefined;
  if (obstacle !== undefined || found.Handler === undefined || found.Runtime === undefined) {
    context.report(logicalId, obstacle ?? '');
    return undefined;
  }
  return {
    logicalId,
    functionName: context.nameOf(logicalId),
    handler: found.Handler,
    codeUri: typeof code === 'string' ? code : '',
    runtime: found.Runtime,
    timeoutSeconds: found.Timeout,
    memorySize: found.MemorySize,
    environment: { ...logEnvironment(found.LoggingConfig), ...found.Environment?.Variables },
    ...(found.ReservedConcurrentExecutions === undefined
      ? {}
      : { reservedConcurrency: found.ReservedConcurrentExecutions }),
  };
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
