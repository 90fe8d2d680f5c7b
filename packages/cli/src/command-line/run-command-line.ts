import { createRequire } from 'node:module';
import { createCommandLine } from './create-command-line.ts';
import { exitStatus } from './exit-status.ts';
import { explainEnd, runToItsEnd } from './run-to-its-end.ts';

/** Runs `oncefold` with the arguments that were typed. */
export function runCommandLine(words: readonly string[]): Promise<number> {
  return explainEnd(async (lastWords) => {
    let status: number = exitStatus.couldNotRun;
    const program = createCommandLine(readVersion(), async ({ options, load }) => {
      status = await runToItsEnd(options, await load(), lastWords);
    });
    await program.parseAsync(words, { from: 'user' });
    return status;
  });
}

function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('../../package.json');
  return (manifest as { readonly version: string }).version;
}
