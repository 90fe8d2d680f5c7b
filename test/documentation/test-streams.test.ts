// Goal: the tests of docs/test-streams.md pass as they stand there, and end what they start.
// Method: its blocks become the files of a project that finds our packages by name; Vitest and pytest run in processes of their own.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { descendantsOf, untilGone } from '@oncefold/local-runtime/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './code-blocks.ts';
import { documentedProject } from './documented-project.ts';
import { execute, start } from './execute.ts';

const page = 'docs/test-streams.md';
/** What scripts/python-tool.sh ends with where there is no Python, or nothing can be installed. */
const NOT_INSTALLED = [3, 4];

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(realpathSync(tmpdir()), 'oncefold-streams-'));
  for (const [path, text] of documentedProject(page)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  const modules = join(project, 'node_modules');
  const targets = {
    vitest: 'node_modules/vitest',
    '@aws-sdk/client-dynamodb': 'node_modules/@aws-sdk/client-dynamodb',
    '@aws-sdk/client-kinesis': 'node_modules/@aws-sdk/client-kinesis',
    '@oncefold/cli': 'packages/cli',
  };
  for (const [name, target] of Object.entries(targets)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(realpathSync(join(root, target)), join(modules, name), 'dir');
  }
  mkdirSync(join(modules, '.bin'));
  const oncefold = join(modules, '.bin/oncefold');
  writeFileSync(
    oncefold,
    `#!/bin/sh\nexec ${process.execPath} ${join(root, 'packages/cli/src/cli.ts')} "$@"\n`,
  );
  chmodSync(oncefold, 0o755);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
});
afterAll(() => rmSync(project, { recursive: true }));

describe(page, () => {
  it('has an application and tests of it', () => {
    expect([...documentedProject(page).keys()]).toEqual([
      'template.yaml',
      'src/keep-orders.mjs',
      'orders.test.ts',
      'conftest.py',
      'test_orders.py',
    ]);
  });

  it('has a test for Vitest that passes', async () => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const { status, output } = await execute(process.execPath, [vitest, 'run', '--no-color'], project);
    expect(status, output).toBe(0);
    expect(output).toMatch(/Tests +2 passed \(2\)/);
  });

  it('has a test for pytest that passes, where pytest can be installed', async (context) => {
    const { status, output } = await execute(
      join(root, 'scripts/pytest.sh'),
      ['-p', 'no:cacheprovider'],
      project,
    );
    context.skip(NOT_INSTALLED.includes(status ?? 0), `pytest cannot be installed here: ${output}`);
    expect(status, output).toBe(0);
    expect(output).toContain('1 passed');
  });

  it('has a fixture that leaves nothing when pytest is killed', async (context) => {
    writeFileSync(join(project, 'test_orders.py'), HANGING_TEST);
    const running = start(join(root, 'scripts/pytest.sh'), ['-s', '-p', 'no:cacheprovider'], project);
    const { status, output } = await running.until('the test hangs');
    context.skip(NOT_INSTALLED.includes(status ?? 0), `pytest cannot be installed here: ${output}`);
    expect(status, output).toBeUndefined();
    const processes = descendantsOf(running.pid);
    expect(processes.length).toBeGreaterThan(3);
    running.kill();
    await untilGone(processes);
  });
});

const HANGING_TEST = `import time


def test_hangs(application):
    print("the test hangs", flush=True)
    time.sleep(1000)
`;
