// Goal: the Python that a function's runtime names is found wherever people have it, and otherwise the nearest.
// Method: small scripts that answer as an interpreter of some version would, in folders of their own.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPython, type PythonSearch } from './find-python.ts';

let root = '';

function interpreter(path: string, version: string): string {
  const file = join(root, path);
  const [major, minor] = version.split('.').map(Number);
  const answer = { program: file, base: file, version: [major, minor], tag: `cpython-${major}${minor}` };
  return script(path, `echo '${JSON.stringify(answer)}'`);
}

function script(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

function search(environment: Record<string, string> = {}): PythonSearch {
  return {
    directories: [join(root, 'project')],
    environment: { PATH: join(root, 'bin'), PYENV_ROOT: join(root, 'pyenv'), ...environment },
  };
}

describe('findPython', () => {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'oncefold-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('takes the version that is wanted, by its name or by what it says', async () => {
    interpreter('bin/python3', '3.11');
    expect(await findPython(11, search())).toMatchObject({ minor: 11, tag: 'cpython-311' });
    const named = interpreter('bin/python3.12', '3.12');
    expect(await findPython(12, search())).toMatchObject({ program: named, minor: 12 });
  });

  it('prefers the virtual environment of the project, and before it the active one', async () => {
    interpreter('bin/python3.12', '3.12');
    const own = interpreter('project/.venv/bin/python', '3.12');
    expect(await findPython(12, search())).toMatchObject({ program: own });
    const active = interpreter('active/bin/python', '3.12');
    expect(await findPython(12, search({ VIRTUAL_ENV: join(root, 'active') }))).toMatchObject({
      program: active,
    });
  });

  it('does without a virtual environment of another version', async () => {
    interpreter('project/.venv/bin/python', '3.10');
    const named = interpreter('bin/python3.12', '3.12');
    expect(await findPython(12, search())).toMatchObject({ program: named });
  });

  it('finds what pyenv has installed although its placeholder on PATH refuses', async () => {
    script('bin/python3.13', 'echo "pyenv: python3.13: command not found" >&2; exit 127');
    const installed = interpreter('pyenv/versions/3.13.1/bin/python', '3.13');
    expect(await findPython(13, search())).toMatchObject({ program: installed });
  });

  it('takes the nearest version where there is no better, the newer of two', async () => {
    interpreter('bin/python3', '3.9');
    interpreter('bin/python3.11', '3.11');
    interpreter('bin/python3.13', '3.13');
    expect(await findPython(14, search())).toMatchObject({ minor: 13 });
    expect(await findPython(12, search())).toMatchObject({ minor: 13 });
    expect(await findPython(10, search())).toMatchObject({ minor: 11 });
  });

  it('finds none where there is none that the runtime interface client runs on', async () => {
    expect(await findPython(12, search())).toBeUndefined();
    interpreter('bin/python3', '3.8');
    interpreter('bin/python', '2.7');
    expect(await findPython(12, search())).toBeUndefined();
  });
});
