import { join } from 'node:path';
import { runInstaller } from '../run-installer.ts';
import type { RuntimePackage } from '../runtime-cache.ts';
import { RuntimeInstallError } from '../runtime-install-error.ts';
import type { Python } from './find-python.ts';

type PackageName = 'awslambdaric' | 'boto3';

/** Exact versions, dependencies included, so that the same code runs everywhere and for ever. */
const PINNED: Readonly<Record<PackageName, readonly string[]>> = {
  awslambdaric: ['awslambdaric==4.2.2', 'simplejson==4.3.0', 'snapshot-restore-py==1.0.0'],
  boto3: [
    'boto3==1.44.8',
    'botocore==1.44.8',
    'jmespath==1.1.0',
    'python-dateutil==2.9.0.post0',
    's3transfer==0.19.3',
    'six==1.17.0',
    'urllib3==2.8.0',
  ],
};

/** The last versions for Python 3.9, which Lambda still runs and these packages do not support any more. */
const PINNED_39: Readonly<Record<PackageName, readonly string[]>> = {
  awslambdaric: ['awslambdaric==4.0.4', 'simplejson==4.3.0', 'snapshot-restore-py==1.0.0'],
  boto3: [
    'boto3==1.42.97',
    'botocore==1.42.97',
    'jmespath==1.1.0',
    'python-dateutil==2.9.0.post0',
    's3transfer==0.16.1',
    'six==1.17.0',
    'urllib3==1.26.20',
  ],
};

/** Settings of a person that do not go together with installing into a folder. */
const INSTALLER_ENVIRONMENT = { PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0', PIP_NO_INPUT: '1' };

/** What Lambda's Python runtimes bring: the runtime interface client, and the AWS SDK. */
export function pythonPackage(name: PackageName, python: Python): RuntimePackage {
  const requirements = (python.minor <= 9 ? PINNED_39 : PINNED)[name];
  const [what = name] = requirements.map((requirement) => requirement.replace('==', ' '));
  return {
    key: join('python', `${python.tag}-${what.replace(' ', '-')}`),
    what: `${what} for Python 3.${python.minor}`,
    remedy: `make a package index reachable, or install ${name} into a virtual environment of the project or for ${python.program}`,
    install: (directory, signal) => installRequirements(requirements, python, directory, signal),
  };
}

/** Installs with the Python's own pip, with that of the Python which its environment was made of, or with uv. */
async function installRequirements(
  requirements: readonly string[],
  { program, base }: Python,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  const run = (command: string, args: readonly string[]): Promise<string> =>
    runInstaller({ command, args, cwd: directory, environment: INSTALLER_ENVIRONMENT, signal });
  const target = ['--no-deps', '--target', directory, ...requirements];
  for (const python of new Set([program, base])) {
    if (await succeeds(run(python, ['-m', 'pip', '--version']))) {
      await run(python, [
        '-m',
        'pip',
        'install',
        '--disable-pip-version-check',
        '--prefer-binary',
        ...target,
      ]);
      return;
    }
  }
  if (!(await succeeds(run('uv', ['--version'])))) {
    throw new RuntimeInstallError(`${program} has no pip, and there is no uv on PATH`);
  }
  await run('uv', ['pip', 'install', '--compile-bytecode', '--python', program, ...target]);
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof RuntimeInstallError) {
      return false;
    }
    throw error;
  }
}
