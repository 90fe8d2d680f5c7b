// Goal: functions behave in their processes as in Lambda, and no failure of a function reaches further than its invocation.
// Method: real processes with the project's runtime client, one small handler for each behaviour.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { FunctionPool } from '../../src/functions/function-pool.ts';
import { INIT_ATTEMPTS_MAX } from '../../src/functions/init-attempts.ts';
import type { InvocationResult } from '../../src/functions/invocation.ts';
import { PAYLOAD_BYTES_MAX } from '../../src/functions/invocation.ts';
import { isRunning } from '../support/descendants.ts';
import { HANDLERS, type ReportedByPool, startPool } from './start-pool.ts';

let pools: FunctionPool[] = [];
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.stop()));
  pools = [];
});

function start(...parameters: Parameters<typeof startPool>): {
  pool: FunctionPool;
  reported: ReportedByPool;
} {
  const started = startPool(...parameters);
  pools.push(started.pool);
  return started;
}

function invoke(
  pool: FunctionPool,
  event: unknown = {},
  requestId: string = randomUUID(),
): Promise<InvocationResult> {
  return pool.invoke({ requestId, payload: JSON.stringify(event) });
}

/** A pool for `index.mjs` of a folder. */
function startIn(
  folder: string,
  changes: Parameters<typeof startPool>[1] = {},
): { pool: FunctionPool; reported: ReportedByPool } {
  const environment = {
    PATH: process.env['PATH'] ?? '',
    _HANDLER: 'index.handler',
    LAMBDA_TASK_ROOT: folder,
  };
  return start('index.handler', { environment, taskRoot: folder, ...changes });
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'oncefold-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the fixtures answer; each test knows its own. */
interface Echo {
  readonly event: unknown;
  readonly context: Record<string, unknown>;
  readonly remainingMs: number;
  readonly pid: number;
}

async function answerOf<Answer = unknown>(
  pool: FunctionPool,
  event?: unknown,
  requestId?: string,
): Promise<Answer> {
  const result = await invoke(pool, event, requestId);
  if (result.code !== 'succeeded') {
    throw new Error(`${result.errorType}: ${result.errorMessage}`);
  }
  return JSON.parse(result.payload);
}

describe('createFunctionPool', () => {
  it('hands the event and the context over and gives the answer back', async () => {
    const { pool } = start('basic.echo', { timeoutSeconds: 30 });
    const requestId = randomUUID();
    const answer = await answerOf<Echo>(pool, { text: 'ä ☃ 𝄞' }, requestId);
    expect(answer.event).toEqual({ text: 'ä ☃ 𝄞' });
    expect(answer.context).toMatchObject({
      awsRequestId: requestId,
      functionName: 'test-function',
      functionVersion: '$LATEST',
      memoryLimitInMB: '128',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:test-function',
      logGroupName: '/aws/lambda/test-function',
    });
    expect(answer.remainingMs).toBeGreaterThan(0);
    expect(answer.remainingMs).toBeLessThanOrEqual(30_000);
  });

  it('tells the function by which version or alias it was invoked', async () => {
    const { pool } = start('basic.echo');
    const invokedFunctionArn = 'arn:aws:lambda:us-east-1:123456789012:function:test-function:live';
    const result = await pool.invoke({ requestId: randomUUID(), payload: '{}', invokedFunctionArn });
    const answer: Echo = JSON.parse(result.code === 'succeeded' ? result.payload : '');
    expect(answer.context['invokedFunctionArn']).toBe(invokedFunctionArn);
    const next = await answerOf<Echo>(pool);
    expect(next.context['invokedFunctionArn']).toBe(invokedFunctionArn.slice(0, -':live'.length));
  });

  it('keeps a process for the next invocation, even where more are allowed', async () => {
    const { pool, reported } = start('basic.echo', { concurrencyMax: 5 });
    const first = await answerOf<Echo>(pool);
    const second = await answerOf<Echo>(pool);
    expect(second.pid).toBe(first.pid);
    expect(reported.pids).toEqual([first.pid]);
  });

  it('gives the function the environment of Lambda and nothing of this process', async () => {
    process.env['ONCEFOLD_SECRET_OF_THE_PARENT'] = 'leaked';
    const { pool } = start('basic.environment', {
      variables: { MY_TABLE: 'T', AWS_ENDPOINT_URL_DYNAMODB: '' },
    });
    const seen = await answerOf<Record<string, string>>(pool);
    delete process.env['ONCEFOLD_SECRET_OF_THE_PARENT'];
    expect(seen).toMatchObject({
      MY_TABLE: 'T',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: 'http://127.0.0.1:3',
      AWS_ENDPOINT_URL_KINESIS: 'http://127.0.0.1:2',
      AWS_LAMBDA_FUNCTION_NAME: 'test-function',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_REGION: 'us-east-1',
      LAMBDA_TASK_ROOT: HANDLERS,
      _HANDLER: 'basic.environment',
      TZ: ':UTC',
    });
    expect(seen['_X_AMZN_TRACE_ID']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};/);
    const leaked = Object.keys(seen).filter((name) => /ONCEFOLD|VITEST|NODE_|HOME|npm_/i.test(name));
    // Lambda sets it, too: what is in the function's folder can be required without its path.
    expect(leaked).toEqual(['NODE_PATH']);
    expect(seen['NODE_PATH']).toBe(HANDLERS);
  });

  it('finds nested exports and CommonJS modules', async () => {
    expect(await answerOf(start('basic.nested.deep.handler').pool)).toBe('found');
    expect(await answerOf(start('common.handler').pool, 7)).toEqual({ common: 7 });
  });

  it('reports what a handler throws and keeps the process', async () => {
    const { pool, reported } = start('basic.fail');
    const result = await invoke(pool);
    expect(result).toMatchObject({
      code: 'failed',
      cause: 'handler',
      errorType: 'RangeError',
      errorMessage: 'out of range',
    });
    expect(result.code === 'failed' && result.stackTrace.join('\n')).toContain('basic.mjs');
    await invoke(pool);
    expect(reported.pids).toHaveLength(1);
    expect(await invoke(start('basic.throwText').pool)).toMatchObject({
      errorType: 'string',
      errorMessage: 'only text',
    });
  });

  it.each([
    ['basic.exit', 'Runtime.ExitError', 'exit status 3', 'exit'],
    ['basic.neverResolves', 'Runtime.ExitError', 'exit status', 'exit'],
    [
      'basic.rejectUnhandled',
      'Runtime.UnhandledPromiseRejection',
      'TypeError: nobody waits for this',
      'handler',
    ],
    [
      'basic.rejectUnhandledAndAnswer',
      'Runtime.UnhandledPromiseRejection',
      'TypeError: nobody waits for this',
      'handler',
    ],
    ['basic.throwOutside', 'TypeError', 'thrown outside', 'handler'],
  ])(
    'fails the invocation when %s ends its process, and starts another for the next',
    async (handler, errorType, text, cause) => {
      const { pool, reported } = start(handler);
      for (const processes of [1, 2]) {
        const result = await invoke(pool);
        expect(result).toMatchObject({
          code: 'failed',
          cause,
          errorType,
          errorMessage: expect.stringContaining(text),
        });
        expect(reported.pids).toHaveLength(processes);
      }
      expect(reported.broken).toEqual([]);
    },
  );

  it('kills a process that blocks at its deadline', async () => {
    const { pool, reported } = start('basic.blockForever', { timeoutSeconds: 1 });
    const result = await invoke(pool);
    expect(result).toMatchObject({ code: 'failed', cause: 'timeout', errorType: 'Sandbox.Timedout' });
    expect(result.code === 'failed' && result.errorMessage).toContain('Task timed out after 1.00 seconds');
    const [pid] = reported.pids;
    expect(isRunning(pid ?? 0)).toBe(false);
    expect(reported.exits).toEqual(['timeout']);
    expect(await pool.cpuSeconds()).toBeGreaterThan(0);
  });

  it('limits the heap to the memory of the function', async () => {
    const { pool } = start('basic.allocate', { memorySize: 64 });
    expect(await invoke(pool)).toMatchObject({
      code: 'failed',
      cause: 'exit',
      errorType: 'Runtime.ExitError',
    });
  });

  it('refuses events and answers that Lambda would refuse', async () => {
    const { pool } = start('basic.answerLarge');
    expect(await answerOf(pool, { characters: PAYLOAD_BYTES_MAX - 2 })).toHaveLength(PAYLOAD_BYTES_MAX - 2);
    expect(await invoke(pool, { characters: PAYLOAD_BYTES_MAX })).toMatchObject({
      cause: 'payload',
      errorType: 'Function.ResponseSizeTooLarge',
    });
    expect(await invoke(pool, 'x'.repeat(PAYLOAD_BYTES_MAX))).toMatchObject({
      cause: 'payload',
      errorType: 'RequestTooLargeException',
    });
    expect(await answerOf(pool, { characters: 1 })).toBe('x');
  });

  it('hands on what the function writes, line by line', async () => {
    const { pool, reported } = start('basic.log');
    await answerOf(pool);
    await pool.stop();
    await expect
      .poll(() => reported.lines.toSorted())
      .toEqual(['first', 'second', 'to standard error', 'to standard output']);
  });

  it('runs as many invocations at a time as allowed, each in a process of its own', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'oncefold-'));
    try {
      const { pool, reported } = start('basic.meet', { concurrencyMax: 3 });
      const event = { file: join(directory, 'pids'), processes: 3 };
      const pids = await Promise.all([1, 2, 3, 4, 5, 6].map(() => answerOf(pool, event)));
      expect(new Set(pids)).toEqual(new Set(reported.pids));
      expect(reported.pids).toHaveLength(3);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('counts the CPU time of processes that run and of processes that ended', async () => {
    const { pool } = start('basic.spendCpu');
    await answerOf(pool, { microseconds: 300_000 });
    expect(await pool.cpuSeconds()).toBeGreaterThanOrEqual(0.3);
    await pool.stop();
    await expect.poll(() => pool.cpuSeconds()).toBeGreaterThanOrEqual(0.3);
  });

  it.each([
    ['broken.handler', 'Error', 'no such setting'],
    ['missing.handler', 'Runtime.ImportModuleError', "Cannot find module 'missing'"],
    ['basic.missing', 'Runtime.HandlerNotFound', 'basic.missing is undefined or not exported'],
    ['basic.withCallback', 'Runtime.CallbackHandlerDeprecated', 'callback'],
    ['basic', 'Runtime.MalformedHandlerName', "Bad handler 'basic'"],
  ])('says why %s cannot be initialized', async (handler, errorType, text) => {
    const { pool } = start(handler);
    const expected = { cause: 'init', errorType, errorMessage: expect.stringContaining(text) };
    expect(await invoke(pool)).toMatchObject(expected);
  });

  it('gives a function up that cannot be initialized, after some attempts', async () => {
    const { pool, reported } = start('broken.handler');
    await expect(pool.warm()).rejects.toThrow('TestFunction cannot be initialized: Error: no such setting');
    for (let attempt = 1; attempt < INIT_ATTEMPTS_MAX; attempt += 1) {
      await invoke(pool);
    }
    expect(reported.broken).toHaveLength(1);
    expect(await invoke(pool)).toMatchObject({ cause: 'init', errorMessage: 'no such setting' });
    expect(reported.pids).toHaveLength(INIT_ATTEMPTS_MAX);
  });

  it('fails an invocation whose response is streamed and ends with an error', async () => {
    const program = `
      const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
      const path = '/2018-06-01/runtime/invocation/';
      require('node:http').get({ hostname, port, path: path + 'next' }, (next) => {
        const id = next.headers['lambda-runtime-aws-request-id'];
        const request = require('node:http').request({
          hostname, port, method: 'POST', path: path + id + '/response',
          headers: { Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body' },
        });
        request.write('half');
        const error = { errorType: 'RangeError', errorMessage: 'half-way' };
        request.addTrailers({
          'Lambda-Runtime-Function-Error-Type': error.errorType,
          'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(error)).toString('base64'),
        });
        // One that stayed would have the invocation until its deadline: it asks for no other.
        request.once('response', () => process.exit());
        request.end();
      });`;
    const { pool } = start('basic.echo', { runtimeClient: [process.execPath, '-e', program] });
    expect(await invoke(pool)).toMatchObject({
      cause: 'handler',
      errorType: 'RangeError',
      errorMessage: 'half-way',
    });
  });

  it('kills a process that never asks for an invocation', async () => {
    const { pool, reported } = start('basic.echo', {
      runtimeClient: [process.execPath, '-e', 'setInterval(() => {}, 1000)'],
      initTimeoutSeconds: 0.2,
    });
    expect(await invoke(pool)).toMatchObject({
      cause: 'init',
      errorMessage: 'Init timed out after 0.20 seconds',
    });
    expect(isRunning(reported.pids[0] ?? 0)).toBe(false);
  });

  it('lends a function that brings no AWS SDK the one of this project, as the managed runtime does', async () => {
    await inFolder(async (folder) => {
      await writeFile(
        join(folder, 'index.mjs'),
        `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
         export const handler = async () => typeof DynamoDBClient;`,
      );
      expect(await answerOf(startIn(folder).pool)).toBe('function');
      await writeFile(join(folder, 'index.mjs'), `import 'no-such-package';`);
      expect(await invoke(startIn(folder).pool)).toMatchObject({
        cause: 'init',
        errorMessage: expect.stringContaining('no-such-package'),
      });
    });
  });

  it('lets what runs finish on a reload, and runs the new code from then on', async () => {
    await inFolder(async (folder) => {
      const wait = `while (event.wait && !existsSync(event.wait)) await new Promise((done) => setTimeout(done, 5));`;
      const code = (version: number): string =>
        `import { existsSync, writeFileSync } from 'node:fs';
         export const handler = async (event) => {
           if (event.begun) writeFileSync(event.begun, '');
           ${wait} return ${version};
         };`;
      await writeFile(join(folder, 'index.mjs'), code(1));
      const { pool, reported } = startIn(folder, { concurrencyMax: 2 });
      const begun = join(folder, 'begun');
      const running = answerOf(pool, { begun, wait: join(folder, 'go') });
      await expect.poll(() => existsSync(begun)).toBe(true);
      await writeFile(join(folder, 'index.mjs'), code(2));
      await pool.reload();
      expect(await answerOf(pool)).toBe(2);
      await writeFile(join(folder, 'go'), '');
      expect(await running).toBe(1);
      expect(await answerOf(pool)).toBe(2);
      expect(reported.pids).toHaveLength(2);
      expect(reported.exits).toEqual(['reloaded']);
    });
  });

  it('fails an invocation, and no more, while the folder of its code is away', async () => {
    await inFolder(async (folder) => {
      const taskRoot = join(folder, 'build');
      const build = async (): Promise<void> => {
        await mkdir(taskRoot);
        await writeFile(join(taskRoot, 'index.mjs'), `export const handler = async () => 'built';`);
      };
      const { pool, reported } = startIn(taskRoot);
      const result = await invoke(pool);
      expect(result).toMatchObject({
        code: 'failed',
        cause: 'init',
        errorType: 'Runtime.InvalidEntrypoint',
        errorMessage: expect.stringContaining(`its folder ${taskRoot} is not there`),
      });
      await build();
      expect(await answerOf(pool)).toBe('built');
      expect(reported.broken).toEqual([]);
    });
  });

  it('tries a function that was given up again after a reload', async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'index.mjs'), 'const broken = ;');
      const { pool, reported } = startIn(folder);
      for (let attempt = 1; attempt <= INIT_ATTEMPTS_MAX; attempt += 1) {
        await invoke(pool);
      }
      expect(reported.broken).toHaveLength(1);
      await writeFile(join(folder, 'index.mjs'), `export const handler = async () => 'mended';`);
      await pool.reload();
      expect(await answerOf(pool)).toBe('mended');
    });
  });

  it('names each process to whom it may concern, and lets it be killed with its invocation', async () => {
    const keys: string[] = [];
    let calls = 0;
    const { pool } = start('basic.environment', {
      processEnvironment: (processKey) => ({ PROCESS_KEY: processKey }),
      onDispatch: ({ processKey, crash }) => {
        keys.push(processKey);
        calls += 1;
        if (calls === 2) {
          crash();
        }
      },
    });
    expect(await answerOf(pool)).toMatchObject({ PROCESS_KEY: 'TestFunction-1' });
    expect(await invoke(pool)).toMatchObject({
      cause: 'exit',
      errorMessage: expect.stringContaining('signal: SIGKILL'),
    });
    expect(await answerOf(pool)).toMatchObject({ PROCESS_KEY: 'TestFunction-2' });
    expect(keys).toEqual(['TestFunction-1', 'TestFunction-1', 'TestFunction-2']);
  });

  it('fails what is in flight when it is stopped, and refuses what comes later', async () => {
    const { pool, reported } = start('basic.waitForever');
    const inFlight = invoke(pool);
    await expect.poll(() => reported.pids.length).toBe(1);
    const waiting = invoke(pool);
    await pool.stop();
    expect(await inFlight).toMatchObject({ code: 'failed' });
    expect(await waiting).toMatchObject({ code: 'failed', cause: 'refused' });
    expect(await invoke(pool)).toMatchObject({ code: 'failed', cause: 'refused' });
    expect(isRunning(reported.pids[0] ?? 0)).toBe(false);
  });

  it('leaves no process when its owner is killed, not even one whose handler blocks', async () => {
    const owner = spawn(process.execPath, [fileURLToPath(new URL('../fixtures/owner.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
    expect(isRunning(Number(line))).toBe(true);
    owner.kill('SIGKILL');
    await expect.poll(() => isRunning(Number(line))).toBe(false);
  });
});
