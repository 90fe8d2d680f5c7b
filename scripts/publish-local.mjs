/**
 * Publishes the packages to a registry of its own, on a free port of the loopback address, as a release does.
 *
 *     npm run publish:local                     says how to install from there, and serves until Ctrl-C
 *     npm run publish:local -- <command …>      runs the command, whose npm and pnpm install from there
 *
 * The registry has the scope @oncefold only and asks no other one: everything else is installed as always. It ends with the
 * command, or with a signal, and what it has stored goes with it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { endChildren, endingSignals, endWith, runChild } from './bootstrap/run-child.mjs';

const startTimeoutMs = 30_000;
const pollIntervalMs = 100;

const root = resolve(fileURLToPath(import.meta.url), '../..');
const registryFolder = join(root, 'scripts', 'local-registry');
const pnpm = join(root, 'node_modules', '.bin', 'pnpm');
const usage = `Usage: npm run publish:local [-- <command …>]

Publishes the packages to a registry of its own on this machine. It says how to install from there and serves until Ctrl-C;
with a command, it runs that, whose npm and pnpm install from there, and ends with it.`;
const command = process.argv.slice(2);
/** The end that the first signal asks for. npm sends a Ctrl-C again, so none of them ends this before all is put away. */
let endBySignal;
const interrupted = new Promise((resolve) => {
  for (const signal of endingSignals) {
    process.on(signal, () => {
      endBySignal ??= { exitCode: null, signal, askedToEnd: signal };
      resolve(endBySignal);
    });
  }
});

if (['--help', '-h'].includes(command[0])) {
  console.log(usage);
} else if (command[0]?.startsWith('-')) {
  console.error(`${command[0]} is no option.\n\n${usage}`);
  process.exitCode = 2;
} else {
  await main();
}

/** Ends as the command did, or by the signal that asked for it. */
async function main() {
  const directory = await mkdtemp(join(tmpdir(), 'oncefold-registry-'));
  let end;
  try {
    end = await serve(directory);
  } catch (error) {
    // What a signal ended has failed, too.
    if (endBySignal === undefined) {
      throw error;
    }
  } finally {
    await endChildren('SIGTERM');
    await rm(directory, { recursive: true, force: true });
    for (const signal of endingSignals) {
      process.removeAllListeners(signal);
    }
  }
  if (endBySignal !== undefined) {
    console.error(`Ended by ${endBySignal.signal}.`);
  }
  endWith(endBySignal ?? end);
}

/**
 * @param directory - folder for all that it stores
 * @returns how it ended
 */
async function serve(directory) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const userConfig = join(directory, 'npmrc');
  await writeFile(join(directory, 'config.yaml'), configuration(directory));
  // Nobody has to be anybody here, but package managers publish with some token only.
  await writeFile(userConfig, `@oncefold:registry=${url}\n//127.0.0.1:${port}/:_authToken=local\n`);
  const environment = { npm_config_userconfig: userConfig };

  const installed = await quietly(pnpm, ['install', '--frozen-lockfile'], registryFolder, {});
  if (installed !== undefined) {
    return installed;
  }
  const registry = runChild({
    command: process.execPath,
    arguments: [
      join(registryFolder, 'node_modules', 'verdaccio', 'bin', 'verdaccio'),
      '--config',
      join(directory, 'config.yaml'),
      '--listen',
      `127.0.0.1:${port}`,
    ],
    directory,
    isQuiet: true,
  });
  await Promise.race([untilReady(url), registry.then(({ output }) => Promise.reject(new Error(output)))]);
  const failed = await quietly(
    pnpm,
    ['--recursive', 'publish', '--no-git-checks', '--no-provenance', '--registry', url],
    root,
    environment,
  );
  if (failed !== undefined) {
    return failed;
  }
  if (command.length > 0) {
    const [program, ...programArguments] = command;
    return runChild({
      command: program,
      arguments: programArguments,
      directory: process.cwd(),
      environment,
    });
  }
  console.log(
    `Published to ${url}. Install from there with:\n\n  npm install --@oncefold:registry=${url} @oncefold/middleware\n\nCtrl-C ends it.`,
  );
  return registry;
}

/**
 * Shows what a command has said only if it fails, and then returns its end. It is not waited for when a signal has come: pnpm goes
 * on for a minute without its registry.
 */
async function quietly(program, programArguments, folder, environment) {
  const child = runChild({
    command: program,
    arguments: programArguments,
    directory: folder,
    environment: { CI: 'true', ...environment },
    isQuiet: true,
  });
  const { output, ...end } = await Promise.race([interrupted, child]);
  if (endBySignal !== undefined) {
    return end;
  }
  if (end.exitCode === 0) {
    return undefined;
  }
  console.error(`${output}\n${[program, ...programArguments].join(' ')} failed.`);
  return end;
}

/** JSON is YAML, too. */
function configuration(directory) {
  const everybody = ['$all'];
  return JSON.stringify({
    storage: join(directory, 'storage'),
    packages: { '@oncefold/*': { access: everybody, publish: everybody } },
    log: { type: 'stdout', level: 'warn' },
  });
}

async function untilReady(url) {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    try {
      const response = await fetch(new URL('-/ping', url), { signal: AbortSignal.timeout(startTimeoutMs) });
      await response.arrayBuffer();
      if (response.ok) {
        return;
      }
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
    }
    await new Promise((wait) => setTimeout(wait, pollIntervalMs));
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
