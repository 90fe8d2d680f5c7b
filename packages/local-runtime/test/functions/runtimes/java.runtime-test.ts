// Goal: a function in Java runs here as under Lambda's Java runtimes.
// Method: Amazon's runtime interface client from Maven Central, installed once into a cache folder of these tests; classes and
// libraries as `sam build` lays them out, compiled once with the Maven and the Java of this machine.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { isRunning } from '../../support/descendants.ts';
import { hasProgram } from '../../support/has-program.ts';
import { useLanguageProject } from './start-language.ts';
import { testCache } from './test-cache.ts';

const sources = join(import.meta.dirname, '..', '..', 'fixtures', 'runtimes', 'java');
const build = join(testCache, 'java-program');
const project = useLanguageProject(
  { runtime: 'java17', handler: 'example.Asked', memorySize: 256, timeoutSeconds: 30 },
  testCache,
);
const isPossible = (await hasProgram('mvn', '--version')) && (await hasProgram('javac', '-version'));

describe.skipIf(!isPossible)('Java functions (skipped where there is no Maven or no compiler)', () => {
  beforeAll(async () => {
    mkdirSync(build, { recursive: true });
    cpSync(sources, build, { recursive: true });
    const lib = join(build, 'target', 'classes', 'lib');
    const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
    await promisify(execFile)(
      'mvn',
      ['--batch-mode', '--quiet', 'compile', copy, '-DincludeScope=runtime', `-DoutputDirectory=${lib}`],
      { cwd: build },
    );
  });

  async function start(changes: Parameters<typeof project.start>[0] = {}): ReturnType<typeof project.start> {
    const built = join(project.root, '.aws-sam', 'build', 'TestFunction');
    cpSync(join(build, 'target', 'classes'), built, { recursive: true });
    return project.start(changes);
  }

  it('get the event and the context, answer and write their log', async () => {
    const running = await start();
    const requestId = randomUUID();
    const answer = await running.answerOf<Record<string, unknown>>({ text: 'ä ☃' }, requestId);
    expect(answer).toMatchObject({
      text: 'ä ☃',
      requestId,
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:test-function',
      name: 'test-function',
      memory: 256,
      dynamodb: 'http://127.0.0.1:1',
    });
    expect(answer['remainingMs']).toBeGreaterThan(0);
    await expect.poll(() => running.lines).toContain('printed ä ☃');
    await expect.poll(() => running.lines).toContain('logged without a line ending');
    expect(running.pids).toHaveLength(1);
  });

  it('may be one jar, and find the libraries of their layers', async () => {
    const jar = join(project.root, 'target', 'function.jar');
    mkdirSync(join(project.root, 'target'));
    await promisify(execFile)('jar', [
      ...['--create', '--file', jar],
      ...['-C', join(build, 'target', 'classes'), 'example/Asked.class'],
    ]);
    const running = await project.start({ codeUri: 'target/function.jar' });
    expect(await running.answerOf({ text: 'jar' })).toMatchObject({ text: 'jar' });
    const layer = join(project.root, 'opt', 'java', 'lib');
    mkdirSync(layer, { recursive: true });
    renameSync(jar, join(layer, 'function.jar'));
    project.write('src/lib/other.jar', '');
    const fromLayer = await project.start({}, { layers: 'opt' });
    expect(await fromLayer.answerOf({ text: 'layer' })).toMatchObject({ text: 'layer' });
  });

  it('report the records of a batch that failed', async () => {
    const running = await start({ handler: 'example.Batch::handleRequest' });
    const record = (sequenceNumber: string, text: string): object => ({
      kinesis: { sequenceNumber, data: Buffer.from(text).toString('base64') },
    });
    expect(await running.answerOf({ Records: [record('1', 'good'), record('2', 'bad')] })).toEqual({
      batchItemFailures: [{ itemIdentifier: '2' }],
    });
  });

  it('report what they throw and keep their process', async () => {
    const running = await start();
    const result = await running.invoke({ fail: 'no bread' });
    expect(result).toMatchObject({
      cause: 'handler',
      errorType: 'java.lang.IllegalArgumentException',
      errorMessage: 'no bread',
    });
    expect(result.code === 'failed' && result.stackTrace.join('\n')).toContain('example.Asked.handleRequest');
    await running.answerOf();
    expect(running.pids).toHaveLength(1);
  });

  it('report what keeps them from loading', async () => {
    const failing = await start({ environment: { FAIL_INIT: '1' } });
    expect(await failing.invoke()).toMatchObject({
      cause: 'init',
      errorType: 'java.lang.IllegalStateException',
      errorMessage: 'TABLE is not set',
    });
    const missing = await start({ handler: 'example.Missing' });
    expect(await missing.invoke()).toMatchObject({
      code: 'failed',
      errorMessage: expect.stringContaining('example.Missing'),
    });
  });

  it('are killed at their timeout, fail the invocation with which they exit, and leave nothing behind', async () => {
    const running = await start({ timeoutSeconds: 5 });
    await running.answerOf();
    expect(await running.invoke({ forever: true })).toMatchObject({ cause: 'timeout' });
    expect(await running.pool.cpuSeconds()).toBeGreaterThan(0);
    expect(await running.invoke({ exit: true })).toMatchObject({
      cause: 'exit',
      errorMessage: expect.stringContaining('exit status 3'),
    });
    await running.answerOf();
    await running.pool.stop();
    expect(running.pids).toHaveLength(3);
    await expect.poll(() => running.pids.filter(isRunning)).toEqual([]);
  });
});
