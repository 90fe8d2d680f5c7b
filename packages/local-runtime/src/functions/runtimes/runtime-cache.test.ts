// Goal: what functions need is installed once, whole or not at all, and a failure says what to do.
// Method: a cache folder of its own, small programs as installers, locks and leftovers as a killed process leaves them.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheDirectory } from './cache-directory.ts';
import { runInstaller } from './run-installer.ts';
import { createRuntimeCache, type RuntimeCache, type RuntimePackage } from './runtime-cache.ts';
import { RuntimeInstallError } from './runtime-install-error.ts';

let root = '';
let messages: string[] = [];
let installations = 0;

function createCache(changes: { limitMs?: number; signal?: AbortSignal } = {}): RuntimeCache {
  return createRuntimeCache({ directory: root, onMessage: (line) => messages.push(line), ...changes });
}

/** A package of one file, which an installer of its own writes. */
function aPackage(install?: RuntimePackage['install']): RuntimePackage {
  return {
    key: 'kind/package-1.0.0',
    what: 'package 1.0.0',
    remedy: 'install it yourself',
    install:
      install ??
      (async (directory) => {
        installations += 1;
        await writeFile(join(directory, 'content'), 'whole');
      }),
  };
}

describe('createRuntimeCache', () => {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'oncefold-'));
    messages = [];
    installations = 0;
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('installs a package once and says so once', async () => {
    const directory = await createCache().provide(aPackage());
    expect(readFileSync(join(directory, 'content'), 'utf8')).toBe('whole');
    expect(await createCache().provide(aPackage())).toBe(directory);
    expect(installations).toBe(1);
    expect(messages).toEqual([`installing package 1.0.0 into ${directory}; this is done once`]);
    expect(readdirSync(join(root, 'kind'))).toEqual(['package-1.0.0']);
  });

  it('lets others wait for the one that installs', async () => {
    const gate = Promise.withResolvers<void>();
    const slow = aPackage(async (directory) => {
      installations += 1;
      await gate.promise;
      await writeFile(join(directory, 'content'), 'whole');
    });
    const first = createCache().provide(slow);
    await expect.poll(() => installations).toBe(1);
    const others = [createCache().provide(slow), createCache().provide(slow)];
    const waiting = 'waiting until package 1.0.0 is installed';
    await expect.poll(() => messages.filter((line) => line === waiting).length).toBe(2);
    gate.resolve();
    const directory = await first;
    expect(await Promise.all(others)).toEqual([directory, directory]);
    expect(installations).toBe(1);
  });

  it('takes over from a process that was killed, and removes what that left behind', async () => {
    const leftover = join(root, 'kind', 'package-1.0.0.some-id.tmp');
    const lock = join(root, 'kind', 'package-1.0.0.lock');
    for (const path of [leftover, lock]) {
      mkdirSync(path, { recursive: true });
      utimesSync(path, 1, 1);
    }
    await createCache().provide(aPackage());
    expect(installations).toBe(1);
    expect(readdirSync(join(root, 'kind'))).toEqual(['package-1.0.0']);
  });

  it('leaves nothing of an installation that fails, names reason and remedy, and tries again next time', async () => {
    const failing = aPackage((cwd, signal) =>
      runInstaller({
        command: '/bin/sh',
        args: ['-c', 'echo half > content; echo no route to the registry >&2; exit 3'],
        cwd,
        signal,
      }),
    );
    await expect(createCache().provide(failing)).rejects.toThrow(
      /^cannot install package 1\.0\.0: .*no route to the registry; install it yourself$/,
    );
    expect(readdirSync(join(root, 'kind'))).toEqual([]);
    await createCache().provide(aPackage());
    expect(installations).toBe(1);
  });

  it('names an installer that does not exist', async () => {
    const missing = aPackage((cwd, signal) =>
      runInstaller({ command: 'no-such-installer', args: ['install'], cwd, signal }),
    );
    const failure = createCache().provide(missing);
    await expect(failure).rejects.toThrow(RuntimeInstallError);
    await expect(failure).rejects.toThrow('no-such-installer');
  });

  it('kills an installer that takes too long', async () => {
    const endless = aPackage((cwd, signal) =>
      runInstaller({ command: 'sleep', args: ['1000'], cwd, signal }),
    );
    await expect(createCache({ limitMs: 50 }).provide(endless)).rejects.toThrow(/it took more than/);
    expect(readdirSync(join(root, 'kind'))).toEqual([]);
  });

  it('ends when the command that needs the package ends', async () => {
    const ending = new AbortController();
    const reason = new Error('the command was ended');
    const endless = aPackage((cwd, signal) => {
      ending.abort(reason);
      return runInstaller({ command: 'sleep', args: ['1000'], cwd, signal });
    });
    await expect(createCache({ signal: ending.signal }).provide(endless)).rejects.toBe(reason);
  });

  it('keeps what another process has installed meanwhile', async () => {
    const overtaken = aPackage(async (directory) => {
      await writeFile(join(directory, 'content'), 'late');
      const target = join(root, 'kind', 'package-1.0.0');
      mkdirSync(target);
      await writeFile(join(target, 'content'), 'first');
    });
    const directory = await createCache().provide(overtaken);
    expect(readFileSync(join(directory, 'content'), 'utf8')).toBe('first');
    expect(existsSync(`${directory}.lock`)).toBe(false);
  });
});

describe('cacheDirectory', () => {
  it('is where the person wants it, else in the folder for caches', () => {
    expect(cacheDirectory({ ONCEFOLD_CACHE_DIR: '/elsewhere', XDG_CACHE_HOME: '/caches' })).toBe(
      '/elsewhere',
    );
    expect(cacheDirectory({ XDG_CACHE_HOME: '/caches' })).toBe('/caches/oncefold');
    expect(cacheDirectory({ XDG_CACHE_HOME: 'relative' })).toMatch(/^\/.*\/\.cache\/oncefold$/);
    expect(cacheDirectory({})).toMatch(/\.cache\/oncefold$/);
  });
});
