import { fileURLToPath } from 'node:url';
import type { Engine } from './engine.ts';
import { findOptionalPackage } from './find-optional-package.ts';
import { LOCAL_REGION } from './fresh-credentials.ts';
import { type EngineAddress, launchEngine } from './launch-engine.ts';

/**
 * Starts a Kinesis of this process's own: kinesalite in a process beside this one, empty, in memory, on a free port.
 *
 * All access keys and regions share its streams.
 *
 * @param options.region - region in the ARNs of its streams
 * @param options.signal - ends the start, or the engine if it has started
 * @throws {@link EngineError} when it does not start
 */
export async function startKinesis(
  options: { readonly region?: string; readonly signal?: AbortSignal } = {},
): Promise<Engine> {
  const { region = LOCAL_REGION, signal } = options;
  findOptionalPackage('kinesalite');
  const program = fileURLToPath(new URL('./kinesalite-program.ts', import.meta.url));
  return launchEngine({
    name: 'kinesalite',
    signal,
    prepare: async () => ({
      command: { command: process.execPath, args: [program], env: environment(region) },
      probe: async (output) => parseReport(output),
    }),
  });
}

/**
 * The engine takes account and region of its ARNs from its environment: what a person has there for AWS is none of its business, nor
 * are the options of a test runner or debugger.
 */
function environment(region: string): Record<string, string | undefined> {
  const { NODE_OPTIONS: _, AWS_ACCOUNT_ID: __, ...own } = process.env;
  return { ...own, AWS_REGION: region };
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
