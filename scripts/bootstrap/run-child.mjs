import { spawn } from 'node:child_process';
import process from 'node:process';

const GRACE_MS = 5000;
const POLL_INTERVAL_MS = 50;
/** What asks a program to end. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const endingSignalsBeforeKill = 2;

/**
 * Waits for the end of its input, which comes when we die in whatever way, and then ends the group whose number it was
 * told. It has a session of its own, so that a signal to our group does not reach it.
 */
const guardScript = `
read -r group || exit 0
read -r line && exit 0
kill -s TERM -- "-$group" 2>/dev/null || exit 0
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  sleep 0.1
  kill -s 0 -- "-$group" 2>/dev/null || exit 0
done
kill -s KILL -- "-$group" 2>/dev/null
`;

/** Groups of processes that run now. @type {Set<number>} */
const groups = new Set();

/**
 * Runs a program in a process group of its own and waits for its end; nothing of the group outlives this process.
 *
 * Signals are passed on to the program, each once: being in a session of its own, it does not get the terminal's. The
 * third one that asks for an end is a SIGKILL to the whole group.
 *
 * @param options.command - path of the program
 * @param options.arguments - its arguments
 * @param options.directory - its working directory
 * @param options.environment - variables on top of this process's own
 * @param options.hasOwnerPipe - gives the program descriptor 3, named by ONCEFOLD_OWNER_FD: it ends when we are gone
 * @param options.isQuiet - collects the output instead of showing it
 * @returns `{ exitCode, signal, askedToEnd, output }`; exitCode is null when a signal ended the program; askedToEnd is the
 *   last signal that was passed on to end it
 */
export async function runChild(options) {
  const { command, directory, environment = {}, hasOwnerPipe = false, isQuiet = false } = options;
  const output = isQuiet ? 'pipe' : 'inherit';
  const guard = spawn('/bin/sh', ['-c', guardScript], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.stdin.on('error', () => undefined);
  const child = spawn(command, options.arguments, {
    cwd: directory,
    detached: true,
    env: { ...process.env, ...environment, ...(hasOwnerPipe ? { ONCEFOLD_OWNER_FD: '3' } : {}) },
    stdio: [isQuiet ? 'ignore' : 'inherit', output, output, ...(hasOwnerPipe ? ['pipe'] : [])],
  });
  if (child.pid !== undefined) {
    guard.stdin.write(`${child.pid}\n`);
    groups.add(child.pid);
  }
  child.stdio[3]?.on('error', () => undefined);
  const collected = collect(child);
  const forwarding = forwardSignals(child, isQuiet);
  try {
    const end = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
      // The pipes of a program that died may be held by what it left in its group.
      child.once('exit', () => signalGroup(child.pid, 'SIGKILL'));
    });
    return { ...end, askedToEnd: forwarding.askedToEnd(), output: Buffer.concat(collected).toString('utf8') };
  } finally {
    forwarding.stop();
    groups.delete(child.pid);
    guard.stdin.end('done\n');
  }
}

/**
 * Ends every program that `runChild` started: first with the signal, and after 5 s with SIGKILL.
 *
 * @param signal - the signal to start with
 * @returns when the groups are empty
 */
export async function endChildren(signal) {
  const ending = [...groups];
  for (const group of ending) {
    signalGroup(group, signal);
  }
  for (let waitedMs = 0; waitedMs < GRACE_MS && ending.some(isAlive); waitedMs += POLL_INTERVAL_MS) {
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
  for (const group of ending) {
    signalGroup(group, 'SIGKILL');
  }
}

/**
 * Ends this process the way a child ended, so that npm and the shell see a Ctrl-C as one.
 *
 * @param end - what `runChild` returned
 */
export function endWith({ exitCode, signal, askedToEnd }) {
  if (signal === null) {
    process.exitCode = exitCode;
    return;
  }
  if (askedToEnd === undefined) {
    const hint = signal === 'SIGKILL' ? '; a system that is short of memory does that' : '';
    console.error(`The command was ended from outside by ${signal}${hint}.`);
  }
  process.kill(process.pid, signal);
  // A signal that does not end a process leaves us here: say it in the status, as shells do.
  process.exitCode = 1;
}

/** A package manager and its scripts all get the signal; a command of ours ends its own children in order. */
function forwardSignals(child, isForGroup) {
  const asked = [];
  const end = (signal) => {
    asked.push(signal);
    if (asked.length > endingSignalsBeforeKill) {
      signalGroup(child.pid, 'SIGKILL');
    } else if (isForGroup) {
      signalGroup(child.pid, signal);
    } else {
      child.kill(signal);
    }
  };
  const resize = () => child.kill('SIGWINCH');
  for (const signal of endingSignals) {
    process.on(signal, end);
  }
  process.on('SIGWINCH', resize);
  return {
    askedToEnd: () => asked.at(-1),
    stop() {
      for (const signal of endingSignals) {
        process.off(signal, end);
      }
      process.off('SIGWINCH', resize);
    },
  };
}

function collect(child) {
  const chunks = [];
  child.stdout?.on('data', (chunk) => chunks.push(chunk));
  child.stderr?.on('data', (chunk) => chunks.push(chunk));
  return chunks;
}

function isAlive(group) {
  return signalGroup(group, 0);
}

function signalGroup(group, signal) {
  if (group === undefined) {
    return false;
  }
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    // Nobody is left in the group.
    return false;
  }
}
