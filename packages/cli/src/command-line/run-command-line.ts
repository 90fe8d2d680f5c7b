import { createRequire } from 'node:module';
import { CommanderError } from 'commander';
import { printable } from '../terminal/printable.ts';
import { createTerminal, type Terminal } from '../terminal/terminal.ts';
import { createCommandLine } from './command-line.ts';
import { CouldNotRunError } from './could-not-run-error.ts';
import { exitStatus } from './exit-status.ts';
import { createLifetime, EndedError, type Lifetime } from './lifetime.ts';

/** How long everything may take to stop before the process ends anyhow, in milliseconds. */
const graceMs = 8_000;

/**
 * Runs `oncefold` with the arguments that were typed.
 *
 * @param words - The arguments, without the names of Node and of the script.
 * @returns The exit status, when everything that was started has been stopped.
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  let status: number = exitStatus.couldNotRun;
  // Each command loads what it needs: help and mistakes in the arguments are answered at once.
  const program = createCommandLine({
    version: readVersion(),
    actions: {
      demo: (options) =>
        live(options, async (context) =>
          (await import('../demo/demo-command.ts')).demoCommand(options, context),
        ),
      up: (options) =>
        live(options, async (context) => (await import('../up/up-command.ts')).upCommand(options, context)),
      check: (options) =>
        live(options, async (context) =>
          (await import('../check/check-command.ts')).checkCommand(options, context),
        ),
      compare: (options) =>
        live(options, async (context) =>
          (await import('../compare/compare-command.ts')).compareCommand(options, context),
        ),
      workshop: (options) =>
        live(options, async (context) =>
          (await import('../workshop/workshop-command.ts')).workshopCommand(options, context),
        ),
    },
    onExitStatus: (result) => {
      status = result;
    },
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    return explain(error);
  }
}

/** What a command works with. */
interface Context {
  readonly terminal: Terminal;
  readonly lifetime: Lifetime;
  readonly signal: AbortSignal;
}

/** Ends what was started whichever way the command ends. */
async function live(
  options: { readonly json: boolean },
  command: (context: Context) => Promise<number>,
): Promise<number> {
  const lifetime = beginLifetime();
  const { signal } = lifetime;
  try {
    return await command({ terminal: createTerminal(options), lifetime, signal });
  } catch (error) {
    // An abort reaches us in many shapes; its reason says what happened.
    signal.throwIfAborted();
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
    graceMs,
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
