import { fileURLToPath } from 'node:url';
import type { FunctionResource } from '@oncefold/sam-template';
import { createFunctionEnvironment } from '../../src/functions/function-environment.ts';
import {
  createFunctionPool,
  type FunctionPool,
  type FunctionPoolOptions,
} from '../../src/functions/function-pool.ts';
import { FUNCTION_DEFAULTS } from '../lambda-defaults.ts';

export const HANDLERS: string = fileURLToPath(new URL('../fixtures/handlers', import.meta.url));

export interface ReportedByPool {
  readonly lines: string[];
  readonly exits: string[];
  readonly pids: number[];
  readonly broken: Error[];
}

export function startPool(
  handler: string,
  {
    variables = {},
    runtime = FUNCTION_DEFAULTS.runtime,
    layers,
    ...changes
  }: Partial<FunctionPoolOptions> & {
    readonly variables?: Record<string, string>;
    readonly runtime?: string;
    readonly layers?: string | undefined;
  } = {},
): { pool: FunctionPool; reported: ReportedByPool } {
  const reported: ReportedByPool = { lines: [], exits: [], pids: [], broken: [] };
  const resource: FunctionResource = {
    ...FUNCTION_DEFAULTS,
    logicalId: 'TestFunction',
    functionName: 'test-function',
    handler,
    memorySize: changes.memorySize ?? 128,
    environment: variables,
    runtime,
  };
  const taskRoot = changes.taskRoot ?? HANDLERS;
  const access = {
    dynamodb: 'http://127.0.0.1:1',
    dynamodbStreams: 'http://127.0.0.1:3',
    kinesis: 'http://127.0.0.1:2',
    region: 'us-east-1',
    accountId: '123456789012',
    credentials: { accessKeyId: 'test', secretAccessKey: 'secret' },
  };
  const pool = createFunctionPool({
    functionId: resource.logicalId,
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:test-function',
    environment: createFunctionEnvironment({ resource, access, taskRoot, handler, overrides: {}, layers }),
    taskRoot,
    timeoutSeconds: resource.timeoutSeconds,
    memorySize: resource.memorySize,
    concurrencyMax: 1,
    onLine: (_, line) => reported.lines.push(line),
    onStarted: (pid) => reported.pids.push(pid),
    onExited: (_, reason) => reported.exits.push(reason),
    onBroken: (error) => reported.broken.push(error),
    ...changes,
  });
  return { pool, reported };
}
