import { devNull } from 'node:os';
import type { FunctionResource } from '@oncefold/sam-template';
import type { EngineAccess } from '../deployment/engine-access.ts';
import { searchPaths } from './layers/search-paths.ts';

export interface FunctionEnvironmentOptions {
  readonly resource: FunctionResource;
  readonly access: EngineAccess;
  readonly taskRoot: string;
  /** `file.export`. */
  readonly handler: string;
  readonly overrides: Readonly<Record<string, string>>;
  /** Folder that takes the place of `/opt`, for a function with layers. */
  readonly layers?: string | undefined;
  /** Where requests to services go that have no endpoint of their own; by default to AWS. */
  readonly defaultEndpoint?: string | undefined;
}

const PROXY_VARIABLE = /^(?:https?|all)_proxy$/i;

/**
 * Makes the environment variables of a function's processes.
 *
 * It holds what Lambda sets and what the template declares; nothing of this process's own environment is passed on, so
 * that a function finds here what it finds in Lambda. The engines' addresses stand in the SDK's own variables. Files
 * of the person's AWS configuration are out of reach.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function createFunctionEnvironment(options: FunctionEnvironmentOptions): Record<string, string> {
  const { resource, access, taskRoot, handler, overrides, layers, defaultEndpoint } = options;
  const { accessKeyId, secretAccessKey } = access.credentials;
  const environment: Record<string, string> = {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...searchPaths({ runtime: resource.runtime, taskRoot, layers }),
    ...(defaultEndpoint === undefined ? {} : { AWS_ENDPOINT_URL: defaultEndpoint }),
    // A template may declare these variables as empty, to be filled for a local run.
    ...resource.environment,
    ...nodeOptionsOf(resource, layers),
    ...engineEndpoints(access),
    ...overrides,
    AWS_REGION: access.region,
    AWS_DEFAULT_REGION: access.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_EXECUTION_ENV: `AWS_Lambda_${resource.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: resource.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(resource.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${resource.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${resource.functionName}`,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: taskRoot,
    _HANDLER: handler,
    _X_AMZN_TRACE_ID: '',
  };
  return { ...environment, ...loopbackWithoutProxy(environment) };
}

/** The SDK's own variables, by which functions reach what runs locally. */
export function engineEndpoints(access: EngineAccess): Record<string, string> {
  const { dynamodb, dynamodbStreams, kinesis, lambda, sqs } = access;
  return {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamodbStreams,
    AWS_ENDPOINT_URL_KINESIS: kinesis,
    ...(lambda !== undefined && { AWS_ENDPOINT_URL_LAMBDA: lambda }),
    ...(sqs !== undefined && { AWS_ENDPOINT_URL_SQS: sqs }),
  };
}

/** A function that has a proxy for the world outside must not look there for the engines of this machine. */
function loopbackWithoutProxy(environment: Readonly<Record<string, string>>): Record<string, string> {
  if (!Object.keys(environment).some((name) => PROXY_VARIABLE.test(name))) {
    return {};
  }
  const { NO_PROXY: upper = '', no_proxy: lower = upper } = environment;
  const list = [...lower.split(','), '127.0.0.1', 'localhost'].filter((host) => host.trim() !== '').join(',');
  return { NO_PROXY: list, no_proxy: list };
}

export function functionArn(resource: FunctionResource, access: EngineAccess): string {
  return `arn:aws:lambda:${access.region}:${access.accountId}:function:${resource.functionName}`;
}

/** Modules of layers that Node.js loads before the function are named with their path. */
function nodeOptionsOf({ environment }: FunctionResource, layers?: string): Record<string, string> {
  const { NODE_OPTIONS: nodeOptions } = environment;
  return nodeOptions === undefined || layers === undefined
    ? {}
    : { NODE_OPTIONS: nodeOptions.replace(/(^|[\s=])\/opt\//g, `$1${layers}/`) };
}
