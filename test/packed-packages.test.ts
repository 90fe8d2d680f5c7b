// Goal: a stranger can use the published packages.
// Method: the packages are packed and their tarballs installed into a project outside of the workspace, which knows
// nothing of it. A handler of another domain must pass the strictest types and count right. Everything that is no
// tarball is linked from this workspace, so that nothing is downloaded.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const names = ['reducer', 'request-token', 'kinesis-aggregation', 'commit', 'middleware'] as const;
const COMMAND_TIMEOUT_MS = 120_000;
const PREPARATION_TIMEOUT_MS = 300_000;

let directory: string;
/** Paths by package name. */
const tarballs = new Map<string, string>();

beforeAll(async () => {
  directory = await mkdtemp(join(await realpath(tmpdir()), 'oncefold-packed-'));
  for (const name of names) {
    const packed = await run(
      'pnpm',
      ['pack', '--json', '--pack-destination', directory],
      join(root, 'packages', name),
    );
    const { filename } = JSON.parse(packed.slice(packed.indexOf('{'))) as { filename: string };
    tarballs.set(`@oncefold/${name}`, filename);
  }
}, PREPARATION_TIMEOUT_MS);

afterAll(() => rm(directory, { recursive: true, force: true }));

describe.each([...names])('the packed package %s', (name) => {
  it('has an entry for every way to import it', async () => {
    const data = await tarball(name);
    const { messages } = await publint({ pack: { tarball: data.buffer as ArrayBuffer }, strict: true });
    expect(messages).toEqual([]);
  });

  it('has types that every way to resolve modules finds', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(await tarball(name)));
    if (analysis.types === false) {
      throw new Error('the package has no types');
    }
    // It is made of ES modules only, and of subpaths that resolvers before Node.js 12 do not know.
    const ofOurChoice: string[] = ['CJSResolvesToESM'];
    const problems = analysis.problems.filter(
      (problem) =>
        !ofOurChoice.includes(problem.kind) &&
        !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
    );
    expect(problems).toEqual([]);
  });
});

describe.each([
  ['Middy 7', '@middy/core'],
  ['Middy 6', 'middy-6'],
])('a project with %s', (_, middy) => {
  let project: string;

  beforeAll(async () => {
    project = await mkdtemp(join(directory, 'project-'));
    await cp(join(root, 'test', 'packed-packages', 'project'), project, { recursive: true });
    await install(project, middy);
  }, PREPARATION_TIMEOUT_MS);

  it('finds the version it asked for', async () => {
    const installed = JSON.parse(
      await readFile(join(project, 'node_modules/@middy/core/package.json'), 'utf8'),
    );
    expect(installed.version).toMatch(middy === 'middy-6' ? /^6\./ : /^7\./);
  });

  it('passes strict types, those of the packages included', async () => {
    await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc')], project);
  });

  it('counts every record once', async () => {
    const output = await run(process.execPath, ['deliver.ts'], project);
    expect(JSON.parse(output)).toEqual({
      stock: [
        { Shelf: { S: 'A0' }, Pieces: { N: '5.8' } },
        { Shelf: { S: 'A1' }, Pieces: { N: '5.8' } },
      ],
      isNameRight: true,
    });
  });
});

async function tarball(name: string): Promise<Uint8Array> {
  return readFile(tarballs.get(`@oncefold/${name}`) ?? '');
}

/** Installs the tarballs, and links what is no part of the question from this workspace. */
async function install(project: string, middy: string): Promise<void> {
  const ofRequestToken = createRequire(join(root, 'packages', 'request-token', 'package.json'));
  const hashes = join(ofRequestToken.resolve('@noble/hashes/sha2.js'), '..');
  const overrides = Object.fromEntries([
    ...[...tarballs].map(([name, file]) => [name, `file:${file}`]),
    ['@middy/core', `link:${join(root, 'node_modules', middy)}`],
    ['@types/aws-lambda', `link:${join(root, 'node_modules', '@types', 'aws-lambda')}`],
    ['@types/node', `link:${join(root, 'node_modules', '@types', 'node')}`],
    ['@noble/hashes', `link:${hashes}`],
  ]);
  // JSON is YAML too.
  await writeFile(join(project, 'pnpm-workspace.yaml'), JSON.stringify({ pmOnFail: 'ignore', overrides }));
  await run('pnpm', ['install', '--offline', '--no-frozen-lockfile'], project);
}

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const env = {
    ...process.env,
    PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH']}`,
    CI: 'true',
  };
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, env, timeout: COMMAND_TIMEOUT_MS });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
