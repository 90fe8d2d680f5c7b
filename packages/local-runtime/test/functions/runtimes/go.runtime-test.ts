// Goal: a function in Go runs here as under Lambda's provided runtimes.
// Method: a program with Amazon's library for Go, built once with the Go of this machine.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../../support/has-program.ts';
import { useLanguageProject } from './start-language.ts';
import { testCache } from './test-cache.ts';

const sources = join(import.meta.dirname, '..', '..', 'fixtures', 'runtimes', 'go');
const build = join(testCache, 'go-program');
const project = useLanguageProject({ runtime: 'provided.al2023', handler: 'bootstrap' });

describe.skipIf(!(await hasProgram('go', 'version')))('Go functions (skipped where there is no Go)', () => {
  beforeAll(async () => {
    mkdirSync(build, { recursive: true });
    cpSync(sources, build, { recursive: true });
    const go = (...args: readonly string[]): Promise<unknown> =>
      promisify(execFile)('go', args, { cwd: build, env: { ...process.env, CGO_ENABLED: '0' } });
    await go('build', '-tags', 'lambda.norpc', '-o', 'bootstrap', '.');
  });

  async function start(timeoutSeconds = 30): ReturnType<typeof project.start> {
    const built = join(project.root, '.aws-sam', 'build', 'TestFunction');
    mkdirSync(built, { recursive: true });
    copyFileSync(join(build, 'bootstrap'), join(built, 'bootstrap'));
    return project.start({ timeoutSeconds });
  }

  it('get the event and the context, answer, and report the records that failed', async () => {
    const running = await start();
    const requestId = randomUUID();
    const record = (sequenceNumber: string, text: string): object => ({
      kinesis: { sequenceNumber, data: Buffer.from(text).toString('base64') },
    });
    const event = { text: 'ä ☃', Records: [record('1', 'good'), record('2', 'bad')] };
    const answer = await running.answerOf<Record<string, unknown>>(event, requestId);
    expect(answer).toMatchObject({
      batchItemFailures: [{ itemIdentifier: '2' }],
      text: 'ä ☃',
      requestId,
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:test-function',
      name: 'test-function',
      dynamodb: 'http://127.0.0.1:1',
    });
    expect(answer['remainingMs']).toBeGreaterThan(0);
    await expect.poll(() => running.lines).toContain('got ä ☃');
    expect(running.pids).toHaveLength(1);
  });

  it('report errors, and panics with where they were', async () => {
    const running = await start();
    expect(await running.invoke({ fail: 'no bread' })).toMatchObject({
      cause: 'handler',
      errorType: 'errorString',
      errorMessage: 'no bread',
    });
    const panicked = await running.invoke({ panic: 'no flour' });
    expect(panicked).toMatchObject({ cause: 'handler', errorType: 'string', errorMessage: 'no flour' });
    expect(panicked.code === 'failed' && panicked.stackTrace.join('\n')).toMatch(/\w+ \(.*main\.go:\d+\)/);
    await running.answerOf();
    expect(running.pids).toHaveLength(2);
  });

  it('are killed at their timeout', async () => {
    const running = await start(3);
    expect(await running.invoke({ sleep: true })).toMatchObject({ cause: 'timeout' });
    await running.answerOf();
    expect(running.pids).toHaveLength(2);
  });
});
