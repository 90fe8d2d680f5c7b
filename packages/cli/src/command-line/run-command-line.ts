import { createRequire } from 'node:module';
import { CommanderError } from 'commander';
import { printable } from '../terminal/printable.ts';
import { createTerminal } from '../terminal/terminal.ts';
import type { Action } from './command.ts';
import { CouldNotRunError } from './could-not-run-error.ts';
import { createCommandLine } from './create-command-line.ts';
import { exitStatus } from './exit-status.ts';
import { createLifetime, EndedError, type Lifetime } from './lifetime.ts';

/** How long everything may take to stop before the process ends anyway, in milliseconds. */
const GRACE_MS = 8_000;

/** Runs `oncefold` with the arguments that were typed. */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  let status: number = exitStatus.couldNotRun;
  const program = createCommandLine(readVersion(), async ({ options, load }) => {
    status = await runToItsEnd(options, await load());
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    return explain(error);
  }
}

/** Ends what was started whichever way the command ends. */
async function runToItsEnd<Options extends { readonly json: boolean }>(
  options: Options,
  action: Action<Options>,
): Promise<number> {
  const lifetime = beginLifetime();
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

function beginLifetime(): Lifetime {
  const descriptor = process.env['ONCEFOLD_OWNER_FD'];
  // Processes that we start are ours, not the owner's.
  delete process.env['ONCEFOLD_OWNER_FD'];
  return createLifetime({
    graceMs: GRACE_MS,
    ...(descriptor !== undefined && /^\d+$/.test(descriptor) && { ownerDescriptor: Number(descriptor) }),
    report: complain,
  });
}

function explain(error: unknown): number {
  // Commander has already said what is wrong, or has shown the help that was asked for.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitStatus.exact : exitStatus.couldNotRun;
  }
  if (error instanceof EndedError) {
    complain(error.message);
    return error.exitStatus;
  }
  complain(error instanceof Error && error.message !== '' ? error.message : String(error));
  if (!(error instanceof CouldNotRunError) || process.env['ONCEFOLD_DEBUG']) {
    console.error(error);
  }
  return exitStatus.couldNotRun;
}

function complain(line: string): void {
  process.stderr.write(`oncefold: ${printable(line)}\n`);
}

function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('../../package.json');
  return (manifest as { readonly version: string }).version;
}
