// Goal: a relative path is meant from where it is typed, whatever starts the command.
// Method: the real npm and pnpm run a script of a repository from a folder elsewhere, also from within a script of another package.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const module = join(import.meta.dirname, '..', '..', 'scripts', 'bootstrap', 'caller-directory.mjs');

let folder = '';
let repository = '';
let project = '';

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'oncefold-caller-')));
  repository = join(folder, 'repository');
  project = join(folder, 'project');
  mkdirSync(repository);
  mkdirSync(join(project, 'deep'), { recursive: true });
  const program = join(repository, 'where.mjs');
  writeFileSync(
    program,
    `import { callerDirectory } from ${JSON.stringify(pathToFileURL(module).href)};
     console.log(callerDirectory(${JSON.stringify(repository)}));`,
  );
  manifest(repository, { where: 'node where.mjs' });
  manifest(project, {
    'through-npm': `cd deep && npm --prefix ${repository} run --silent where`,
    directly: `cd deep && node ${program}`,
  });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('callerDirectory', () => {
  it('is where npm or pnpm was started, although they change to the repository', () => {
    expect(run('npm', ['--prefix', repository, 'run', '--silent', 'where'])).toBe(project);
    mkdirSync(join(repository, 'below'));
    const below = join(repository, 'below');
    expect(run('npm', ['run', '--silent', 'where'], below)).toBe(below);
    expect(run('pnpm', ['run', '--silent', 'where'], repository)).toBe(repository);
  });

  // Only Linux says where a process is.
  it.runIf(process.platform === 'linux')(
    'is where the script of another package is, not where that script was started',
    () => {
      expect(run('npm', ['run', '--silent', 'through-npm'])).toBe(join(project, 'deep'));
    },
  );

  it('does not believe what an npm that started something else has left in the environment', () => {
    expect(run('npm', ['run', '--silent', 'directly'])).toBe(join(project, 'deep'));
    expect(run(process.execPath, [join(repository, 'where.mjs')], project, { INIT_CWD: '/nowhere' })).toBe(
      project,
    );
  });
});

function manifest(directory: string, scripts: Readonly<Record<string, string>>): void {
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'any', version: '1.0.0', scripts }));
}

function run(
  command: string,
  words: readonly string[],
  cwd = project,
  environment: Readonly<Record<string, string>> = {},
): string {
  // The test itself may be started by npm.
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/i.test(name));
  const env = { ...Object.fromEntries(own), ...environment };
  return execFileSync(command, words, { cwd, env, encoding: 'utf8' }).trim();
}
