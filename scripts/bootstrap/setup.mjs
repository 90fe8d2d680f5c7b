import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { endWith, runChild } from './run-child.mjs';

/** Installing or building failed; the message holds all that the tool said. */
export class SetupError extends Error {
  name = 'SetupError';
}

/**
 * Installs the dependencies of the lockfile, unless they are installed already.
 *
 * @param root - folder of the repository
 * @throws {@link SetupError} when the package manager fails
 */
export async function installDependencies(root) {
  const stampFile = join(root, 'node_modules', '.oncefold-installed');
  const stamp = stampOf(root);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    return;
  }
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  await step('Installing the dependencies (once; under a minute with a fast network) …', {
    command: 'npx',
    arguments: ['--yes', packageManager, 'install', '--frozen-lockfile'],
    directory: root,
    // Without a terminal to ask, pnpm replaces an older node_modules only when it thinks itself in CI.
    environment: { CI: 'true' },
  });
  writeFileSync(stampFile, stamp);
}

/** From here on everything finds the repository's own tools and Node.js first. */
export function useOwnTools(root) {
  process.env.PATH = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`;
}

/**
 * Bundles the functions; turbo does only what has changed.
 *
 * @param root - folder of the repository
 * @throws {@link SetupError} when a bundle cannot be made
 */
export async function buildBundles(root) {
  const hasBundles = ['state', 'map', 'reduce'].every((name) =>
    existsSync(join(root, 'services', name, 'dist')),
  );
  await step(hasBundles ? undefined : 'Bundling the functions …', {
    command: join(root, 'node_modules', '.bin', 'turbo'),
    arguments: ['run', 'build', '--filter=./services/*', '--output-logs=errors-only', '--no-daemon'],
    directory: root,
    environment: { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  });
}

/**
 * The Node.js that runs the repository's code.
 *
 * @param root - folder of the repository
 * @returns path of Node.js 24 from node_modules where there is one for this platform, else of the running Node.js
 */
export function nodeOfRepository(root) {
  const installed = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(installed) ? installed : process.execPath;
}

async function step(announcement, child) {
  if (announcement !== undefined) {
    console.error(announcement);
  }
  const { exitCode, signal, askedToEnd, output } = await runChild({ ...child, isQuiet: true });
  if (askedToEnd !== undefined) {
    endWith({ exitCode: null, signal: askedToEnd, askedToEnd });
    // The signal is on its way to us; there is nothing left to do here.
    await new Promise(() => undefined);
  }
  if (exitCode === 0) {
    return;
  }
  throw new SetupError(
    `${output}\n${[child.command, ...child.arguments].join(' ')} failed (${signal ?? `status ${exitCode}`}).`,
  );
}

/** What an installation depends on; a change of any of it asks for another one. */
function stampOf(root) {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
    hash.update(readFileSync(join(root, file)));
  }
  return `${process.platform} ${process.arch} ${hash.digest('hex')}\n`;
}
