import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** What the tests read of a manifest. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly [field: string]: unknown;
}

/** A package of this repository. */
export interface RepositoryPackage {
  /** From the folder of the repository. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export const root: string = join(import.meta.dirname, '..', '..');
const COMMAND_TIMEOUT_MS = 240_000;

/** The manifest of the repository, with the version of all that is published. */
export const rootManifest: Manifest = readManifest('package.json');

/** All packages of the workspace, the root excluded. */
export const repositoryPackages: readonly RepositoryPackage[] = globSync(
  ['{packages,services,examples}/*/package.json', '{simulation,site}/package.json'],
  { cwd: root },
)
  .toSorted()
  .map((file) => ({
    folder: dirname(file),
    manifest: readManifest(file),
  }));

export const publishedPackages: readonly RepositoryPackage[] = repositoryPackages.filter(
  ({ manifest }) => manifest.private !== true,
);

/** All but the command line, which nobody imports. */
export const publishedLibraries: readonly RepositoryPackage[] = publishedPackages.filter(
  ({ manifest }) => !('bin' in manifest),
);

/** What an application deploys: the simulator is for its tests. */
export const deployedLibraries: readonly RepositoryPackage[] = publishedLibraries.filter(
  ({ folder }) => folder !== 'packages/simulator',
);

/**
 * Runs a command with the repository's own tools first.
 *
 * @returns its standard output
 * @throws Error with all that it said, when it fails
 */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env = {
    ...process.env,
    PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH']}`,
    CI: 'true',
    ...environment,
  };
  try {
    const options = { cwd, env, timeout: COMMAND_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)(command, args, options);
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
}
