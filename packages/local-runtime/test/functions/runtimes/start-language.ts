import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import { afterEach, beforeEach } from 'vitest';
import { createFunctionEnvironment } from '../../../src/functions/function-environment.ts';
import { createFunctionPool, type FunctionPool } from '../../../src/functions/function-pool.ts';
import type { InvocationResult } from '../../../src/functions/invocation.ts';
import { createRuntimeFamilies } from '../../../src/functions/runtimes/runtime-families.ts';
import type { RunnableFunction } from '../../../src/functions/runtimes/runtime-family.ts';
import { FUNCTION_DEFAULTS } from '../../lambda-defaults.ts';

/** A project folder whose functions are prepared and run as `oncefold up` does it. */
export interface LanguageProject {
  readonly root: string;
  readonly notices: string[];
  /** Writes a file of the project; what begins with `#!` becomes executable. */
  write(path: string, text: string): void;
  prepare(changes?: Partial<FunctionResource>, options?: PrepareOptions): Promise<RunnableFunction>;
  start(changes?: Partial<FunctionResource>, options?: PrepareOptions): Promise<RunningLanguage>;
}

interface PrepareOptions {
  /** Another cache folder. */
  readonly cacheDirectory?: string;
  /** Folder of the project that takes the place of `/opt`. */
  readonly layers?: string;
}

interface RunningLanguage {
  readonly pool: FunctionPool;
  readonly lines: string[];
  readonly pids: number[];
  readonly exits: string[];
  invoke(event?: unknown, requestId?: string): Promise<InvocationResult>;
  /** The answer; fails when the function does. */
  answerOf<Answer = unknown>(event?: unknown, requestId?: string): Promise<Answer>;
}

/** Gives each test a project of its own, and ends what it has started. */
export function useLanguageProject(
  defaults: Partial<FunctionResource>,
  cacheDirectory: string = join(tmpdir(), 'oncefold-cache-that-nothing-uses'),
): LanguageProject {
  let root = '';
  let notices: string[] = [];
  let pools: FunctionPool[] = [];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'oncefold-'));
    notices = [];
    pools = [];
  });
  afterEach(async () => {
    await Promise.all(pools.map((pool) => pool.stop()));
    rmSync(root, { recursive: true, force: true });
  });

  function resourceOf(changes: Partial<FunctionResource>): FunctionResource {
    return {
      ...FUNCTION_DEFAULTS,
      logicalId: 'TestFunction',
      functionName: 'test-function',
      handler: 'app.handler',
      memorySize: 128,
      environment: {},
      codeUri: 'src',
      ...defaults,
      ...changes,
    };
  }

  async function prepare(
    changes: Partial<FunctionResource> = {},
    options: PrepareOptions = {},
  ): Promise<RunnableFunction> {
    const resource = resourceOf(changes);
    const families = createRuntimeFamilies({
      templateDirectory: root,
      cacheDirectory: options.cacheDirectory ?? cacheDirectory,
      onNotice: (_, message) => notices.push(message),
    });
    const family = families.find(({ includes }) => includes(resource.runtime));
    if (family === undefined) {
      throw new Error(`no family runs ${resource.runtime}`);
    }
    return family.prepare(resource, options.layers === undefined ? undefined : join(root, options.layers));
  }

  async function start(
    changes: Partial<FunctionResource> = {},
    preparing: PrepareOptions = {},
  ): Promise<RunningLanguage> {
    const resource = resourceOf(changes);
    const { directory, program, handler = resource.handler } = await prepare(changes, preparing);
    const lines: string[] = [];
    const pids: number[] = [];
    const exits: string[] = [];
    const access = {
      dynamodb: 'http://127.0.0.1:1',
      dynamodbStreams: 'http://127.0.0.1:3',
      kinesis: 'http://127.0.0.1:2',
      region: 'us-east-1',
      accountId: '123456789012',
      credentials: { accessKeyId: 'test', secretAccessKey: 'secret' },
    };
    const options = { resource, access, taskRoot: directory, handler, overrides: program.environment };
    const pool = createFunctionPool({
      functionId: resource.logicalId,
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:test-function',
      environment: createFunctionEnvironment(options),
      taskRoot: directory,
      timeoutSeconds: resource.timeoutSeconds,
      memorySize: resource.memorySize,
      concurrencyMax: 1,
      runtimeClient: program.command,
      onLine: (_, line) => lines.push(line),
      onStarted: (pid) => pids.push(pid),
      onExited: (_, reason) => exits.push(reason),
      onBroken: () => undefined,
    });
    pools.push(pool);
    const invoke = (event: unknown = {}, requestId: string = randomUUID()): Promise<InvocationResult> =>
      pool.invoke({ requestId, payload: JSON.stringify(event) });
    return {
      pool,
      lines,
      pids,
      exits,
      invoke,
      async answerOf(event, requestId) {
        const result = await invoke(event, requestId);
        if (result.code !== 'succeeded') {
          throw new Error(`${result.errorType}: ${result.errorMessage}; it wrote ${lines.join('\n')}`);
        }
        return JSON.parse(result.payload);
      },
    };
  }

  return {
    get root() {
      return root;
    },
    get notices() {
      return notices;
    },
    write(path, text) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      if (text.startsWith('#!')) {
        chmodSync(file, 0o755);
      }
    },
    prepare,
    start,
  };
}
