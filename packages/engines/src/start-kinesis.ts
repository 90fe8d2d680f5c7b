import { fileURLToPath } from 'node:url';
import type { Engine } from './engine.ts';
import { launchEngine } from './launch-engine.ts';

/** How to start Kinesis. */
export interface StartKinesisOptions {
  /** Ends the start, or the engine if it has started. */
  readonly signal?: AbortSignal;
}

/**
 * Starts a Kinesis of this process's own: kinesalite in a process beside this one, empty, in memory, on a free port.
 *
 * All access keys share its streams.
 */
export async function startKinesis(options: StartKinesisOptions = {}): Promise<Engine> {
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
function parseReport(output: string): { endpoint: string; version: string } | undefined {
  const line = output.split('\n').find((text) => text.startsWith('{') && text.endsWith('}'));
  if (line === undefined) {
    return undefined;
  }
  const { port, version } = JSON.parse(line) as { port: number; version: string };
  return { endpoint: `http://127.0.0.1:${port}`, version };
}
