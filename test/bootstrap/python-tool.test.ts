// Goal: commands that run at the same time on a fresh machine may want the same tool; each finds it whole.
// Method: several shells install one tool into one folder at once, from a wheel that is made here, so that no registry is asked.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'python-tool.sh');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oncefold-python-tool-'));
  await writeFile(
    join(folder, 'wheel.py'),
    `import sys, zipfile
with zipfile.ZipFile('answer-1.0-py3-none-any.whl', 'w') as wheel:
    info = 'answer-1.0.dist-info'
    wheel.writestr('answer.py', 'def main(): print(42)')
    wheel.writestr(f'{info}/METADATA', 'Metadata-Version: 2.1\\nName: answer\\nVersion: 1.0\\n')
    wheel.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(f'{info}/entry_points.txt', '[console_scripts]\\nanswer = answer:main\\n')
    wheel.writestr(f'{info}/RECORD', '')
`,
  );
  execFileSync('python3', ['wheel.py'], { cwd: folder });
  await writeFile(join(folder, 'requirements.txt'), './answer-1.0-py3-none-any.whl\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('install_python_requirements', () => {
  it('installs a tool once for all that want it at the same time', async () => {
    const install = `set -euo pipefail; . "${script}"
      install_python_requirements venv requirements.txt 'This test needs Python'; exec venv/bin/answer`;
    const runs = await Promise.all(
      [1, 2, 3].map(() => promisify(execFile)('bash', ['-c', install], { cwd: folder })),
    );
    expect(runs.map(({ stdout }) => stdout)).toEqual(['42\n', '42\n', '42\n']);
    expect(runs.filter(({ stderr }) => stderr.startsWith('Installing'))).toHaveLength(1);
  });
});
