import { fileURLToPath } from 'node:url';
import type { Engine } from './engine.ts';
import { findOptionalPackage } from './find-optional-package.ts';
import { type EngineAddress, launchEngine } from './launch-engine.ts';

/**
 * Starts a Kinesis of this process's own: kinesalite in a process beside this one, empty, in memory, on a free port.
 *
 * All access keys share its streams.
 *
 * @param options.signal - ends the start, or the engine if it has started
 * @throws {@link EngineError} when it does not start
 */
export async function startKinesis(options: { readonly signal?: AbortSignal } = {}): Promise<Engine> {
  findOptionalPackage('kinesalite');
  const program = fileURLToPath(new URL('./kinesalite-program.ts', import.meta.url));
  return launchEngine({
    name: 'kinesalite',
    signal: options.signal,
    prepare: async () => ({
      command: { command: process.execPath, args: [program], env: plainNodeEnvironment() },
      probe: async (output) => parseReport(output),
    }),
  });
}

/** Options of a test runner or debugger are meant for this process, not for the engine. */
function plainNodeEnvironment(): Record<string, string | undefined> {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  return environment;
}

/** The program prints its report after it listens: a port it reports is its own. */
function parseReport(output: string): EngineAddress | undefined {
  const line = output.split('\n').find((text) => text.startsWith('{') && text.endsWith('}'));
  if (line === undefined) {
    return undefined;
  }
  const { port, version } = JSON.parse(line) as { port: number; version: string };
  return { endpoint: `http://127.0.0.1:${port}`, version };
}
