// Goal: packages that Lambda brings are installed when a function imports them, once, and a failure names the remedy.
// Method: npm itself, over a registry of this process with one package; real function processes that import it.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPackageInstaller } from '../../src/functions/node/install-package.ts';
import { createRuntimeCache } from '../../src/functions/runtimes/runtime-cache.ts';
import { runCode, writeFiles } from './run-code.ts';

const NAME = '@aws-sdk/client-test';
let root = '';
let registry: Server;
let requests: string[] = [];
let messages: string[] = [];
let install: (name: string) => Promise<string>;

describe('createPackageInstaller', () => {
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'oncefold-'));
    requests = [];
    messages = [];
    const tarball = packed({ '3.1.0': '2026-11-01', '3.2.0': '2026-11-10', '3.3.0': '2999-01-01' });
    registry = createServer((request, response) => {
      const path = decodeURIComponent(request.url ?? '');
      requests.push(path);
      if (path === `/${NAME}`) {
        response.end(JSON.stringify(tarball.document(`http://${request.headers.host}`)));
      } else if (path.startsWith('/tarballs/')) {
        response.end(tarball.of(path.slice('/tarballs/'.length)));
      } else {
        response.writeHead(404).end('{}');
      }
    });
    registry.listen(0, '127.0.0.1');
    await once(registry, 'listening');
    const { port } = registry.address() as AddressInfo;
    vi.stubEnv('npm_config_registry', `http://127.0.0.1:${port}/`);
    vi.stubEnv('npm_config_cache', join(root, 'npm'));
    vi.stubEnv('npm_config_fetch_retries', '0');
    const cache = createRuntimeCache({
      directory: join(root, 'cache'),
      onMessage: (line) => messages.push(line),
    });
    install = createPackageInstaller(cache, 'nodejs22.x');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    registry.close();
    registry.closeAllConnections();
    rmSync(root, { recursive: true, force: true });
  });

  it('gives a function that imports one its version of a fixed date, says so, and keeps it', async () => {
    const files = {
      'index.mjs': `import { version } from '${NAME}';
        export const handler = async () => [version, (await import('${NAME}/sub.js')).default.sub];`,
    };
    const first = await runCode({ files, pool: { providePackage: install, initTimeoutSeconds: 600 } });
    expect(first.answers).toEqual([['3.2.0', 'a part']]);
    expect(messages).toEqual([
      expect.stringMatching(
        /^installing @aws-sdk\/client-test, which Lambda's nodejs22\.x runtime brings, into .*cache/,
      ),
    ]);
    const asked = requests.length;
    const again = await runCode({ files, pool: { providePackage: install } });
    expect(again.answers).toEqual([['3.2.0', 'a part']]);
    expect(requests).toHaveLength(asked);
  });

  it('does not count the time of an installation as time of the function', async () => {
    const slow = async (name: string): Promise<string> => {
      const directory = await install(name);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return directory;
    };
    const files = { 'index.cjs': `exports.handler = async () => require('${NAME}').version;` };
    const { answers } = await runCode({ files, pool: { providePackage: slow, timeoutSeconds: 1 } });
    expect(answers).toEqual(['3.2.0']);
  });

  it('names what cannot be installed, and what to do', async () => {
    registry.close();
    registry.closeAllConnections();
    const { answers, reported } = await runCode({
      files: { 'index.cjs': `require('${NAME}');` },
      pool: { providePackage: install, initTimeoutSeconds: 600 },
      events: [1, 2],
    });
    const failure = expect.stringMatching(
      /cannot install @aws-sdk\/client-test, which.*; connect to the package registry, or install it in the project: npm install --save-dev @aws-sdk\/client-test$/,
    );
    expect(answers).toEqual([failure, failure]);
    expect(reported.pids).toHaveLength(2);
    expect(messages).toHaveLength(1);
  });

  it('ends an installation with the application, and leaves nothing of it', async () => {
    const asked = new Promise((resolve) => registry.removeAllListeners('request').once('request', resolve));
    const directory = join(root, 'cache');
    const stopping = new AbortController();
    const cache = createRuntimeCache({ directory, onMessage: () => {}, signal: stopping.signal });
    const installing = createPackageInstaller(cache, 'nodejs22.x')(NAME);
    await asked;
    stopping.abort(new Error('stopped'));
    await expect(installing).rejects.toThrow('stopped');
    expect(readdirSync(join(directory, 'node'))).toEqual([]);
  });

  it('installs nothing that Lambda does not bring', async () => {
    await expect(install('left-pad')).rejects.toThrow("left-pad is not in Lambda's nodejs22.x runtime");
    expect(requests).toEqual([]);
  });
});

/** The versions of one package, with the days on which they came out, as a registry serves them. */
function packed(versions: Readonly<Record<string, string>>): {
  document(host: string): object;
  of(version: string): Buffer;
} {
  const tarballs = new Map<string, Buffer>();
  for (const version of Object.keys(versions)) {
    const folder = join(root, version);
    writeFiles(folder, {
      'package.json': JSON.stringify({ name: NAME, version }),
      'index.js': `exports.version = '${version}';`,
      'sub.js': "exports.sub = 'a part';",
    });
    execFileSync('npm', ['pack', '--pack-destination', folder, folder], { stdio: 'ignore' });
    tarballs.set(version, readFileSync(join(folder, `aws-sdk-client-test-${version}.tgz`)));
  }
  return {
    document: (host) => ({
      name: NAME,
      'dist-tags': { latest: '3.3.0' },
      time: versions,
      versions: Object.fromEntries(
        Object.keys(versions).map((version) => [
          version,
          { name: NAME, version, dist: { tarball: `${host}/tarballs/${version}` } },
        ]),
      ),
    }),
    of: (version) => tarballs.get(version) ?? Buffer.alloc(0),
  };
}
