// Goal: it is said what keeps a Python function from running, and what to do, before it is started.
// Method: projects that lack something, with the Python of this machine, which is given no package index.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasProgram } from '../../support/has-program.ts';
import { useLanguageProject } from './start-language.ts';

const hasPython = await hasProgram('python3', '--version');
const project = useLanguageProject({ runtime: 'python3.11', handler: 'app.handler' });

/** As the runtime interface client and the SDK look to who only asks whether they are there. */
function writeBroughtPackages(): void {
  project.write('site/awslambdaric/__init__.py', '');
  project.write('site/runtime_client.py', '');
  project.write('site/boto3/__init__.py', '');
}

describe('Python functions that cannot run', () => {
  it('are named with the places where their handler was looked for', async () => {
    await expect(project.prepare({ handler: 'one.two.handler' })).rejects.toThrow(
      `the code of TestFunction was not found: no one/two.py in ${join(project.root, '.aws-sam/build/TestFunction')} or ${join(project.root, 'src')}; run \`sam build\`, or correct Handler or CodeUri`,
    );
    await expect(project.prepare({ handler: 'handler' })).rejects.toThrow(
      'the handler handler of TestFunction is not of the form module.function',
    );
  });

  it('are refused as an archive', async () => {
    project.write('function.zip', 'PK');
    await expect(project.prepare({ codeUri: 'function.zip' })).rejects.toThrow(/is not unpacked here/);
  });

  describe.skipIf(!hasPython)('with a Python (skipped where there is none)', () => {
    beforeEach(() => {
      vi.stubEnv('PIP_NO_INDEX', '1');
      vi.stubEnv('PIP_FIND_LINKS', '');
      vi.stubEnv('UV_NO_INDEX', '1');
    });
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    it('name what could not be installed, and the remedy', async () => {
      project.write('src/app.py', 'def handler(event, context): pass');
      await expect(project.prepare({}, { cacheDirectory: join(project.root, 'cache') })).rejects.toThrow(
        /^cannot install (awslambdaric|boto3) [\d.]+ for Python 3\.\d+: .*(pip|uv).*; make a package index reachable, or install (awslambdaric|boto3) into a virtual environment of the project or for \//,
      );
    });

    it('need nothing installed that their search path has', async () => {
      project.write('src/app.py', 'def handler(event, context): pass');
      writeBroughtPackages();
      const { program, directory } = await project.prepare({
        environment: { PYTHONPATH: `/var/task/lib:${join(project.root, 'site')}` },
      });
      expect(directory).toBe(join(project.root, 'src'));
      expect(program.environment['PYTHONPATH']).toBe(
        [directory, join(directory, 'lib'), join(project.root, 'site')].join(':'),
      );
      expect(project.notices.filter((notice) => notice.startsWith('installing'))).toEqual([]);
    });

    it('name the packages of requirements.txt that are nowhere', async () => {
      project.write('src/app.py', '');
      writeBroughtPackages();
      project.write('src/here/__init__.py', '');
      project.write('src/by_metadata-1.0.0.dist-info/METADATA', 'Name: by-metadata\nVersion: 1.0.0\n');
      project.write(
        'src/requirements.txt',
        [
          '# comment',
          '-r other.txt',
          '--index-url https://example.org/simple',
          'here==1.0.0',
          'By.Metadata>=1',
          'boto3',
          'not-on-this-machine[extra] >= 2.0, < 3  # why',
          'neither_is_this',
          'only-elsewhere; sys_platform == "win32"',
          'from-address @ https://example.org/archive.zip',
        ].join('\r\n'),
      );
      const environment = { PYTHONPATH: join(project.root, 'site') };
      await expect(project.prepare({ environment })).rejects.toThrow(
        /^TestFunction needs packages of .*requirements\.txt that are neither in that folder nor in .*: not-on-this-machine, neither_is_this; run `sam build`$/,
      );
    });

    it('are told which Python runs them where there is no better', async () => {
      project.write('src/app.py', '');
      writeBroughtPackages();
      mkdirSync(join(project.root, 'no-versions'));
      vi.stubEnv('PYENV_ROOT', join(project.root, 'no-versions'));
      await project.prepare({
        runtime: 'python3.99',
        environment: { PYTHONPATH: join(project.root, 'site') },
      });
      expect(project.notices).toEqual([
        expect.stringMatching(
          /^there is no Python 3\.99: functions of the runtime python3\.99 run with Python 3\.\d+ \(\/.*\)$/,
        ),
      ]);
    });
  });

  it('say which Python is missing where there is none', async () => {
    project.write('src/app.py', '');
    vi.stubEnv('PATH', join(project.root, 'empty'));
    vi.stubEnv('PYENV_ROOT', join(project.root, 'empty'));
    vi.stubEnv('VIRTUAL_ENV', '');
    try {
      await expect(project.prepare({ runtime: 'python3.12' })).rejects.toThrow(
        'a function of the runtime python3.12 needs Python 3.12, and there is no Python 3.9 or later',
      );
    } finally {
      vi.unstubAllEnvs();
    }
    expect(process.env['PATH']).not.toContain(project.root);
  });
});
