import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInstaller } from '../runtimes/run-installer.ts';
import type { RuntimeCache } from '../runtimes/runtime-cache.ts';
import { isLambdaPackage, nodeMajorOf } from './lambda-packages.ts';

/** Packages are installed as the registry had them then, dependencies included: the same everywhere and always. */
const REGISTRY_DATE = '2026-11-15';

const FAILURE_LIFE_MS = 30_000;

/**
 * Installs packages that Lambda's Node.js runtime brings, each into a folder of its own, when a function imports them.
 *
 * @returns what gives the folder in whose `node_modules` a package is
 */
export function createPackageInstaller(
  cache: RuntimeCache,
  runtime: string,
): (name: string) => Promise<string> {
  const major = nodeMajorOf(runtime);
  const folders = new Map<string, Promise<string>>();

  function install(name: string): Promise<string> {
    const range = name === 'aws-sdk' ? '^2' : name.startsWith('@aws-sdk/') ? '^3' : '*';
    return cache.provide({
      key: `node/${name.replace('/', '+')}-${REGISTRY_DATE}`,
      what: `${name}, which Lambda's ${runtime} runtime brings,`,
      remedy: `connect to the package registry, or install it in the project: npm install --save-dev ${name}`,
      async install(directory, signal) {
        await writeFile(join(directory, 'package.json'), '{"private":true}\n');
        await runInstaller({
          command: 'npm',
          args: [
            ...['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--omit=dev'],
            // A registry that cannot be reached is named while somebody still waits: npm alone takes more than a minute.
            ...['--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=2000'],
            ...[`--before=${REGISTRY_DATE}`, '--prefix', directory, `${name}@${range}`],
          ],
          cwd: directory,
          signal,
        });
      },
    });
  }

  return async (name) => {
    if (!isLambdaPackage(name, major)) {
      throw new Error(`${name} is not in Lambda's ${runtime} runtime`);
    }
    const known = folders.get(name);
    if (known !== undefined) {
      return known;
    }
    const wanted = install(name);
    folders.set(name, wanted);
    // A failed installation is not repeated with each attempt to start the function, but when the network may be back.
    wanted.catch(() => setTimeout(() => folders.delete(name), FAILURE_LIFE_MS).unref());
    return wanted;
  };
}
