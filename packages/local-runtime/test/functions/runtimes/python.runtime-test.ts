// Goal: a Python function runs here as under Lambda's Python runtimes.
// Method: Amazon's runtime interface client and the SDK from PyPI, installed once into a cache folder of these tests;
// small handlers, one for each behaviour.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useLanguageProject } from './start-language.ts';
import { testCache } from './test-cache.ts';

const project = useLanguageProject({ runtime: 'python3.11', handler: 'app.handler' }, testCache);

describe('Python functions', () => {
  it('get the event and the context, and answer', async () => {
    project.write(
      'src/app.py',
      `
import os
def handler(event, context):
    return {
        "event": event,
        "requestId": context.aws_request_id,
        "arn": context.invoked_function_arn,
        "name": context.function_name,
        "memory": context.memory_limit_in_mb,
        "remainingMs": context.get_remaining_time_in_millis(),
        "environment": dict(os.environ),
        "folder": os.getcwd(),
    }
`,
    );
    const requestId = randomUUID();
    const running = await project.start({ timeoutSeconds: 30, environment: { TABLE: 'T' } });
    const answer = await running.answerOf<Record<string, unknown>>({ text: 'ä ☃ 𝄞' }, requestId);
    expect(answer).toMatchObject({
      event: { text: 'ä ☃ 𝄞' },
      requestId,
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:test-function',
      name: 'test-function',
      memory: '128',
      folder: join(project.root, 'src'),
      environment: { TABLE: 'T', AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1', _HANDLER: 'app.handler' },
    });
    expect(answer['remainingMs']).toBeGreaterThan(0);
    expect(answer['remainingMs']).toBeLessThanOrEqual(30_000);
    expect(
      Object.keys(answer['environment'] as object).filter((name) => /VITEST|HOME|PYENV/.test(name)),
    ).toEqual([]);
    expect(running.pids).toHaveLength(1);
  });

  it('are found by module path, with dots or with slashes, and in packages', async () => {
    project.write(
      'src/one/two/app.py',
      'from .values import value\ndef handler(event, context): return value',
    );
    project.write('src/one/two/values.py', 'value = "nested"');
    project.write('src/package/__init__.py', 'def handler(event, context): return __name__');
    for (const handler of ['one.two.app.handler', 'one/two/app.handler']) {
      const running = await project.start({ handler });
      expect(await running.answerOf()).toBe('nested');
    }
    expect(await (await project.start({ handler: 'package.handler' })).answerOf()).toBe('package');
  });

  it('have the SDK that Lambda brings, and reach the engines with it', async () => {
    project.write(
      'src/app.py',
      `
import boto3
def handler(event, context):
    return [boto3.client(name).meta.endpoint_url for name in ("dynamodb", "kinesis")]
`,
    );
    expect(await (await project.start()).answerOf()).toEqual(['http://127.0.0.1:1', 'http://127.0.0.1:2']);
  });

  it('write their log line by line, whatever they write it with', async () => {
    project.write(
      'src/app.py',
      `
import logging, sys
logging.getLogger().setLevel("INFO")
def handler(event, context):
    print("printed ☃")
    print("to the error output", file=sys.stderr)
    logging.info("logged")
`,
    );
    const running = await project.start();
    await running.invoke();
    await expect.poll(() => running.lines).toContain('printed ☃');
    await expect.poll(() => running.lines).toContain('to the error output');
    await expect
      .poll(() => running.lines.filter((line) => /^\[INFO\]\t.*\tlogged$/.test(line)))
      .toHaveLength(1);
  });

  it('report what they raise and keep their process', async () => {
    project.write(
      'src/app.py',
      `
class OutOfStock(Exception): pass
def handler(event, context):
    raise OutOfStock("no bread")
`,
    );
    const running = await project.start();
    const result = await running.invoke();
    expect(result).toMatchObject({ cause: 'handler', errorType: 'OutOfStock', errorMessage: 'no bread' });
    expect(result.code === 'failed' && result.stackTrace.join('')).toContain('raise OutOfStock');
    await running.invoke();
    expect(running.pids).toHaveLength(1);
    await expect.poll(() => running.lines).toContain('[ERROR] OutOfStock: no bread');
    await expect.poll(() => running.lines).toContain('Traceback (most recent call last):');
  });

  it('report what keeps them from loading', async () => {
    project.write('src/missing.py', 'import no_such_module');
    project.write('src/syntax.py', 'def handler(:');
    project.write('src/raises.py', 'raise ValueError("TABLE is not set")');
    project.write('src/other.py', '');
    const failureOf = async (handler: string): Promise<unknown> =>
      (await project.start({ handler })).invoke();
    expect(await failureOf('missing.handler')).toMatchObject({
      cause: 'init',
      errorType: 'Runtime.ImportModuleError',
      errorMessage: "Unable to import module 'missing': No module named 'no_such_module'",
    });
    expect(await failureOf('syntax.handler')).toMatchObject({
      cause: 'init',
      errorType: 'Runtime.UserCodeSyntaxError',
    });
    expect(await failureOf('raises.handler')).toMatchObject({
      cause: 'init',
      errorType: 'ValueError',
      errorMessage: 'TABLE is not set',
    });
    expect(await failureOf('other.handler')).toMatchObject({
      cause: 'init',
      errorType: 'Runtime.HandlerNotFound',
    });
  });

  it('are killed at their timeout, and a new process takes the next invocation', async () => {
    project.write(
      'src/app.py',
      'def handler(event, context):\n    while event.get("forever"): pass\n    return "quick"',
    );
    const running = await project.start({ timeoutSeconds: 3 });
    expect(await running.invoke({ forever: true })).toMatchObject({
      cause: 'timeout',
      errorType: 'Sandbox.Timedout',
    });
    expect(await running.answerOf()).toBe('quick');
    expect(running.pids).toHaveLength(2);
    expect(await running.pool.cpuSeconds()).toBeGreaterThan(0);
  });

  it('fail the invocation that they have when they exit', async () => {
    project.write('src/app.py', 'import os\ndef handler(event, context): os._exit(3)');
    expect(await (await project.start()).invoke()).toMatchObject({
      cause: 'exit',
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('exit status 3'),
    });
  });

  it('get their new code with the next invocation after a change within the same second', async () => {
    project.write('src/value.py', 'value = 1');
    project.write('src/app.py', 'import value\ndef handler(event, context): return value.value');
    const running = await project.start();
    expect(await running.answerOf()).toBe(1);
    project.write('src/value.py', 'value = 2');
    await running.pool.reload();
    expect(await running.answerOf()).toBe(2);
  });

  it('find built dependencies and not those of the interpreter, as in Lambda', async () => {
    const built = '.aws-sam/build/TestFunction';
    project.write('src/app.py', 'def handler(event, context): return "source"');
    project.write(`${built}/requirements.txt`, 'dependency==1.0.0');
    project.write(`${built}/dependency/__init__.py`, 'value = "built"');
    project.write(
      `${built}/app.py`,
      `
import importlib.util
from dependency import value
def handler(event, context):
    return [value, importlib.util.find_spec("pip") is None]
`,
    );
    expect(await (await project.start()).answerOf()).toEqual(['built', true]);
    // As the template that `sam build` writes names it, with that template's folder as the project's.
    const { program } = await project.prepare({ logicalId: 'OtherId', codeUri: built });
    expect(program.command).toContain('-S');
  });

  it('find the modules of their layers after their own', async () => {
    project.write('opt/python/shared.py', 'value = "layer"');
    project.write('opt/python/covered.py', 'value = "layer"');
    project.write('opt/python/lib/python3.11/site-packages/installed.py', 'value = "site-packages"');
    project.write('src/covered.py', 'value = "own"');
    project.write(
      'src/app.py',
      `
import covered, installed, shared
def handler(event, context): return [covered.value, installed.value, shared.value]
`,
    );
    const running = await project.start({}, { layers: 'opt' });
    expect(await running.answerOf()).toEqual(['own', 'site-packages', 'layer']);
  });

  it('answer with the records of a batch that failed', async () => {
    project.write(
      'src/app.py',
      `
import base64
def handler(event, context):
    failed = [r for r in event["Records"] if base64.b64decode(r["kinesis"]["data"]) == b"bad"]
    return {"batchItemFailures": [{"itemIdentifier": r["kinesis"]["sequenceNumber"]} for r in failed]}
`,
    );
    const record = (sequenceNumber: string, text: string): object => ({
      kinesis: { sequenceNumber, data: Buffer.from(text).toString('base64') },
    });
    const running = await project.start();
    expect(await running.answerOf({ Records: [record('1', 'good'), record('2', 'bad')] })).toEqual({
      batchItemFailures: [{ itemIdentifier: '2' }],
    });
  });
});
