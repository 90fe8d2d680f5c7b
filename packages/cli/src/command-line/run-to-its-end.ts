import { CommanderError } from 'commander';
import { createTerminal } from '../terminal/terminal.ts';
import type { Action } from './command.ts';
import { CouldNotRunError } from './could-not-run-error.ts';
import { exitStatus } from './exit-status.ts';
import { createLastWords, type LastWords } from './last-words.ts';
import { createLifetime, EndedError, type Lifetime } from './lifetime.ts';

/** How long everything may take to stop before the process ends anyway, in milliseconds. */
const GRACE_MS = 8_000;

/**
 * Runs what was asked for, says why it failed, and gives the status for it.
 *
 * Whatever ends the process before that says so, too.
 */
export async function explainEnd(work: (lastWords: LastWords) => Promise<number>): Promise<number> {
  const lastWords = createLastWords(exitStatus.couldNotRun);
  try {
    return await work(lastWords);
  } catch (error) {
    return explain(error, lastWords);
  } finally {
    lastWords.done();
  }
}

/** Runs a command, and ends what it started whichever way it ends. */
export async function runToItsEnd<Options extends { readonly json: boolean }>(
  options: Options,
  action: Action<Options>,
  lastWords: LastWords,
): Promise<number> {
  const lifetime = beginLifetime(lastWords);
  try {
    return await action(options, { terminal: createTerminal(options), lifetime });
  } catch (error) {
    // An abort reaches us in many shapes; its reason says what happened.
    lifetime.signal.throwIfAborted();
    throw error;
  } finally {
    await lifetime.end();
  }
}

function beginLifetime({ say }: LastWords): Lifetime {
  const descriptor = process.env['ONCEFOLD_OWNER_FD'];
  // Processes that we start are ours, not the owner's.
  delete process.env['ONCEFOLD_OWNER_FD'];
  return createLifetime({
    graceMs: GRACE_MS,
    ...(descriptor !== undefined && /^\d+$/.test(descriptor) && { ownerDescriptor: Number(descriptor) }),
    report: say,
  });
}

function explain(error: unknown, { say }: LastWords): number {
  // Commander has already said what is wrong, or has shown the help that was asked for.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitStatus.exact : exitStatus.couldNotRun;
  }
  if (error instanceof EndedError) {
    say(error.message);
    return error.exitStatus;
  }
  say(error instanceof Error && error.message !== '' ? error.message : String(error));
  if (!(error instanceof CouldNotRunError) || process.env['ONCEFOLD_DEBUG']) {
    console.error(error);
  }
  return error instanceof CouldNotRunError ? error.exitStatus : exitStatus.couldNotRun;
}
