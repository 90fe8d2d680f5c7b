/**
 * Runs Oncefold's commands on a machine that has nothing but Node.js 20 and npm.
 *
 *     node scripts/bootstrap.mjs demo|oncefold|test|bench [arguments]
 *     node scripts/bootstrap.mjs node <file> [arguments]
 *     node scripts/bootstrap.mjs setup|ready
 *
 * Checks what the command needs, installs the dependencies when they are missing or the lockfile has changed, bundles
 * the functions unless the command does, and runs the command under the repository's own Node.js 24. `node` runs a file so, and bundles
 * nothing: a shell would go on with the Node.js that it found before. `setup` and `ready` install only: the first says what comes next,
 * the second precedes a command that is not `node`. It has no dependencies, because it runs before there are any.
 *
 * Ends with the status of the command, with 3 when something is missing on the machine, and with 4 when installing or
 * bundling failed here. Whatever it starts ends with it, and it ends with the npm that started it.
 */
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { callerDirectory } from './bootstrap/caller-directory.mjs';
import { watchOwner } from './bootstrap/owner.mjs';
import { findMissing, javaNotice } from './bootstrap/prerequisites.mjs';
import { endWith, runChild } from './bootstrap/run-child.mjs';
import {
  buildBundles,
  installDependencies,
  nodeOfRepository,
  SetupError,
  useOwnTools,
} from './bootstrap/setup.mjs';

const exitCodeOfMissingPrerequisite = 3;
const exitCodeOfFailedSetup = 4;

const root = resolve(fileURLToPath(import.meta.url), '../..');
const commandLine = join(root, 'packages/cli/src/cli.ts');
const [target = '', ...targetArguments] = process.argv.slice(2);

const whatIsNext =
  'The dependencies are installed. Next: `npm run demo` runs the pipeline; CONTRIBUTING.md lists all commands.';

/** What only installs, and what it says then. */
const installations = { setup: whatIsNext, ready: undefined };

/** Arguments for Node.js, per command. */
const targets = {
  demo: () => [commandLine, 'demo', ...targetArguments],
  oncefold: () => [commandLine, ...targetArguments],
  node: () => targetArguments,
  test: () => ['node_modules/vitest/vitest.mjs', 'run', ...targetArguments],
  bench: () => ['bench/src/run.ts', ...targetArguments],
};

await main();

async function main() {
  const needsPipeline = ['demo', 'oncefold', 'test', 'bench'].includes(target);
  const isCommandLine = target === 'demo' || target === 'oncefold';
  // The demonstration bundles them while its engines start. Other commands may be given the template, and then build nothing.
  const needsBundles = needsPipeline && target !== 'demo';
  const isInstallation = Object.hasOwn(installations, target);
  if (!isInstallation && !Object.hasOwn(targets, target)) {
    const names = [...Object.keys(installations), ...Object.keys(targets)].join('|');
    console.error(`Usage: node scripts/bootstrap.mjs ${names} [arguments]`);
    process.exitCode = 2;
    return;
  }
  const missing = findMissing({ root, needsDatabase: needsPipeline });
  if (missing !== undefined) {
    console.error(missing);
    process.exitCode = exitCodeOfMissingPrerequisite;
    return;
  }
  watchOwner();
  try {
    await installDependencies(root);
    if (isInstallation) {
      if (installations[target] !== undefined) {
        console.error(installations[target]);
      }
      return;
    }
    useOwnTools(root);
    if (needsBundles) {
      await buildBundles(root);
    }
  } catch (error) {
    if (!(error instanceof SetupError)) {
      throw error;
    }
    console.error(error.message);
    process.exitCode = exitCodeOfFailedSetup;
    return;
  }
  const notice = needsPipeline ? javaNotice() : undefined;
  if (notice !== undefined) {
    console.error(notice);
  }
  endWith(
    await runChild({
      command: nodeOfRepository(root),
      arguments: targets[target](),
      // Paths that are typed as options are meant from where they are typed.
      directory: isCommandLine ? callerDirectory(root) : root,
      hasOwnerPipe: isCommandLine,
    }),
  );
}
