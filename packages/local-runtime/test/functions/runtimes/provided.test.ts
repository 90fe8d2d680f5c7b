// Goal: a program that speaks the Runtime API itself runs here as on Lambda's provided runtimes, or it is said why not.
// Method: scripts as `bootstrap`, which need nothing but a shell and Python; headers of programs for other machines.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkBootstrap } from '../../../src/functions/runtimes/provided/check-bootstrap.ts';
import { isRunning } from '../../support/descendants.ts';
import { useLanguageProject } from './start-language.ts';

const project = useLanguageProject({ runtime: 'provided.al2023', handler: 'unused', codeUri: 'src' });

/** Answers with the invocation's headers, its event and the environment; runs what the event asks for. */
const BOOTSTRAP = `#!/usr/bin/env python3
import json, os, subprocess, sys, time, urllib.request
base = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/"
def post(path, body):
    urllib.request.urlopen(urllib.request.Request(base + path, data=json.dumps(body).encode())).read()
if os.environ.get("FAIL_INIT"):
    post("init/error", {"errorType": "Config.Missing", "errorMessage": "no table"})
    sys.exit(1)
while True:
    with urllib.request.urlopen(base + "invocation/next") as response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        event = json.load(response)
    print("got", json.dumps(event), flush=True)
    identity = headers["lambda-runtime-aws-request-id"]
    if event.get("sleep"):
        time.sleep(1000)
    if event.get("exit"):
        sys.exit(event["exit"])
    if event.get("child"):
        event["child"] = subprocess.Popen(["sleep", "1000"]).pid
    if event.get("fail"):
        post("invocation/" + identity + "/error", {
            "errorType": "OutOfStock",
            "errorMessage": "no bread",
            "stackTrace": [{"path": "shop/order.go", "line": 12, "label": "sell"}, "plain"],
        })
    else:
        post("invocation/" + identity + "/response", {"event": event, "headers": headers, "environment": dict(os.environ)})
`;

describe('functions of the provided runtimes', () => {
  it('get event, headers and environment as in Lambda', async () => {
    project.write('src/bootstrap', BOOTSTRAP);
    const running = await project.start({ environment: { TABLE: 'T' } });
    const answer = await running.answerOf<Record<string, Record<string, string>>>({ text: 'ä ☃' }, 'some-id');
    expect(answer['event']).toEqual({ text: 'ä ☃' });
    expect(answer['headers']).toMatchObject({
      'lambda-runtime-aws-request-id': 'some-id',
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:test-function',
    });
    expect(Number(answer['headers']?.['lambda-runtime-deadline-ms'])).toBeGreaterThan(Date.now());
    const folder = join(project.root, 'src');
    expect(answer['environment']).toMatchObject({
      TABLE: 'T',
      _HANDLER: 'unused',
      LAMBDA_TASK_ROOT: folder,
      LD_LIBRARY_PATH: `${folder}:${join(folder, 'lib')}`,
      AWS_EXECUTION_ENV: 'AWS_Lambda_provided.al2023',
    });
    await expect.poll(() => running.lines).toContain('got {"text": "\\u00e4 \\u2603"}');
  });

  it('report errors with stack traces of any form, and keep their process', async () => {
    project.write('src/bootstrap', BOOTSTRAP);
    const running = await project.start();
    expect(await running.invoke({ fail: true })).toMatchObject({
      cause: 'handler',
      errorType: 'OutOfStock',
      errorMessage: 'no bread',
      stackTrace: ['sell (shop/order.go:12)', 'plain'],
    });
    await running.answerOf();
    expect(running.pids).toHaveLength(1);
  });

  it('report what keeps them from starting', async () => {
    project.write('src/bootstrap', BOOTSTRAP);
    const running = await project.start({ environment: { FAIL_INIT: '1' } });
    expect(await running.invoke()).toMatchObject({
      cause: 'init',
      errorType: 'Config.Missing',
      errorMessage: 'no table',
    });
  });

  it('are killed at their timeout, and fail the invocation that they have when they exit', async () => {
    project.write('src/bootstrap', BOOTSTRAP);
    const running = await project.start({ timeoutSeconds: 3 });
    expect(await running.invoke({ sleep: true })).toMatchObject({ cause: 'timeout' });
    expect(await running.invoke({ exit: 3 })).toMatchObject({
      cause: 'exit',
      errorMessage: expect.stringContaining('exit status 3'),
    });
    await running.answerOf();
    expect(running.pids).toHaveLength(3);
  });

  it('take with them what they have started', async () => {
    project.write('src/bootstrap', BOOTSTRAP);
    const running = await project.start();
    const { event } = await running.answerOf<{ event: { child: number } }>({ child: true });
    expect(isRunning(event.child)).toBe(true);
    await running.pool.stop();
    await expect.poll(() => isRunning(event.child)).toBe(false);
  });

  it('may be a shell script', async () => {
    project.write(
      'src/bootstrap',
      `#!/bin/sh
exec python3 "$LAMBDA_TASK_ROOT/main.py"
`,
    );
    project.write('src/main.py', BOOTSTRAP);
    expect(await (await project.start()).answerOf({ n: 1 })).toMatchObject({ event: { n: 1 } });
  });

  it('run as they were built rather than from their sources', async () => {
    project.write('src/bootstrap', '#!/bin/sh\n');
    project.write('.aws-sam/build/TestFunction/bootstrap', BOOTSTRAP);
    const { directory } = await project.prepare();
    expect(directory).toBe(join(project.root, '.aws-sam/build/TestFunction'));
  });

  it.each([
    ['go.mod', /run `sam build` \(the function needs Metadata with BuildMethod: go1\.x\)/],
    ['Cargo.toml', /BuildMethod: rust-cargolambda/],
    ['Makefile', /BuildMethod: makefile/],
    ['main.c', /TestFunction has none in .*; run `sam build`, or put the program there/],
  ])('say how sources with %s are built', async (file, message) => {
    project.write(`src/${file}`, '');
    await expect(project.prepare()).rejects.toThrow(message);
  });

  it('are refused with the reason where this machine cannot run them', async () => {
    project.write('src/bootstrap', '#!/bin/sh\r\n');
    await expect(project.prepare()).rejects.toThrow(
      /bootstrap of TestFunction cannot run here: .*carriage return/,
    );
  });

  it('are refused as an archive, which nothing here unpacks', async () => {
    project.write('function.zip', 'PK');
    await expect(project.prepare({ codeUri: 'function.zip' })).rejects.toThrow(
      'the code of TestFunction is the file function.zip, which is not unpacked here',
    );
  });
});

describe('checkBootstrap', () => {
  const x64 = { platform: 'linux', architecture: 'x64' };
  const check = (content: string | Buffer, machine = x64, mode = 0o755): string | undefined => {
    const file = join(project.root, 'bootstrap');
    writeFileSync(file, content);
    chmodSync(file, mode);
    return checkBootstrap(file, machine);
  };

  it('takes scripts with an interpreter that exists', () => {
    expect(check('#!/bin/sh\necho')).toBeUndefined();
    expect(check('#! /usr/bin/env python3\n')).toBeUndefined();
    expect(check('#!/no/such/shell -e\n')).toBe(
      'its first line names /no/such/shell, which is not on this machine',
    );
    expect(check('#!/bin/sh\r\necho\r\n')).toMatch(/carriage return.*LF/);
  });

  it('asks for the permission to execute', () => {
    expect(check('#!/bin/sh\n', x64, 0o644)).toMatch(/not executable; run `chmod \+x .*bootstrap`/);
  });

  it('takes programs for this machine only', () => {
    expect(check(elf({ machine: 0x3e }))).toBeUndefined();
    expect(check(elf({ machine: 0xb7 }))).toBe(
      'it is built for arm64 and this machine is x86_64; build it again with Architectures: [x86_64]',
    );
    expect(check(elf({ machine: 0xb7 }), { platform: 'linux', architecture: 'arm64' })).toBeUndefined();
    expect(check(elf({ machine: 0x3e }), { platform: 'darwin', architecture: 'x64' })).toMatch(
      /program for Linux/,
    );
    expect(check(elf({ machine: 0x99 }))).toMatch(/built for machine 153/);
  });

  it('takes linked programs where their loader is', () => {
    expect(check(elf({ machine: 0x3e, loader: '/bin/sh' }))).toBeUndefined();
    expect(check(elf({ machine: 0x3e, loader: '/lib/ld-of-elsewhere.so.1' }))).toMatch(
      /linked for a system with \/lib\/ld-of-elsewhere\.so\.1/,
    );
  });

  it('refuses what is no program', () => {
    expect(check('echo without first line')).toMatch(/neither a program for Linux nor a script/);
    expect(check('')).toMatch(/neither/);
    expect(check(Buffer.from([0x7f, 0x45, 0x4c, 0x46]))).toMatch(/neither/);
    const machO = Buffer.alloc(64);
    machO.writeUInt32BE(0xcffaedfe, 0);
    expect(check(machO)).toMatch(/program for macOS/);
    expect(check(machO, { platform: 'darwin', architecture: 'arm64' })).toBeUndefined();
  });

  it('reads the headers of programs as they are', () => {
    const own = { platform: process.platform, architecture: process.arch };
    expect(checkBootstrap(process.execPath, own)).toBeUndefined();
  });
});

/** The headers of a 64-bit program for Linux; with a loader it is not static. */
function elf({ machine, loader }: { machine: number; loader?: string }): Buffer {
  const file = Buffer.alloc(256);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(machine, 18);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  if (loader !== undefined) {
    file.writeUInt32LE(3, 64);
    file.writeBigUInt64LE(128n, 64 + 8);
    file.writeBigUInt64LE(BigInt(loader.length + 1), 64 + 32);
    file.write(`${loader}\0`, 128);
  }
  return file;
}
