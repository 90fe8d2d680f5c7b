import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { FunctionResource } from '@oncefold/sam-template';
import { createFunctionEnvironment } from '../../src/functions/function-environment.ts';
import {
  createFunctionPool,
  type FunctionPool,
  type FunctionPoolOptions,
} from '../../src/functions/function-pool.ts';

export const HANDLERS: string = fileURLToPath(new URL('../fixtures/handlers', import.meta.url));

export interface ReportedByPool {
  readonly lines: string[];
  readonly exits: string[];
  readonly pids: number[];
  readonly broken: Error[];
}

export function startPool(
  handler: string,
  changes: Partial<FunctionPoolOptions> & { readonly variables?: Record<string, string> } = {},
): { pool: FunctionPool; reported: ReportedByPool } {
  const reported: ReportedByPool = { lines: [], exits: [], pids: [], broken: [] };
  const resource: FunctionResource = {
    logicalId: 'TestFunction',
    functionName: 'test-function',
    handler,
    codeUri: '',
    runtime: 'nodejs24.x',
    timeoutSeconds: changes.timeoutSeconds ?? 30,
    memorySize: changes.memorySize ?? 128,
    environment: changes.variables ?? {},
  };
  const access = {
    dynamodb: 'http://127.0.0.1:1',
    kinesis: 'http://127.0.0.1:2',
    region: 'us-east-1',
    accountId: '123456789012',
    credentials: { accessKeyId: 'test', secretAccessKey: 'secret' },
  };
  const pool = createFunctionPool({
    functionId: resource.logicalId,
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:test-function',
    environment: createFunctionEnvironment({ resource, access, taskRoot: HANDLERS, handler, overrides: {} }),
    taskRoot: HANDLERS,
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

/** Says whether a process is there; one that has ended and is not yet collected counts as gone. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)]);
    return !stdout.startsWith('Z');
  } catch {
    return false;
  }
}
