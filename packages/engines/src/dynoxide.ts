import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { askEngine } from './ask-engine.ts';
import type { Engine } from './engine.ts';
import { freePort } from './free-port.ts';
import { type EngineAddress, launchEngine } from './launch-engine.ts';

/** @returns the path of the program for this platform; nothing where its optional package is not installed */
export function findDynoxide(): string | undefined {
  try {
    const manifest = `@dynoxide/${process.platform}-${process.arch}/package.json`;
    return join(dirname(createRequire(import.meta.url).resolve(manifest)), 'dynoxide');
  } catch {
    return undefined;
  }
}

/**
 * Starts dynoxide, in memory, on a free port: DynamoDB without Java.
 *
 * @throws {@link EngineError} when it does not start
 */
export async function startDynoxide(options: {
  command: string;
  signal?: AbortSignal | undefined;
}): Promise<Engine> {
  return launchEngine({
    name: 'dynoxide',
    signal: options.signal,
    prepare: async () => {
      const port = await freePort();
      return {
        command: { command: options.command, args: ['--host', '127.0.0.1', '--port', String(port)] },
        probe: (output) => probe(`http://127.0.0.1:${port}`, output),
      };
    },
  });
}

/** It prints its address once it has the port; a second one on the same port ends without printing it. */
async function probe(endpoint: string, output: string): Promise<EngineAddress | undefined> {
  if (!output.includes(`listening on ${endpoint}`)) {
    return undefined;
  }
  try {
    const { status, headers } = await askEngine(endpoint);
    if (status !== 200) {
      return undefined;
    }
    return { endpoint, version: String(headers['x-dynoxide-version'] ?? 'unknown') };
  } catch {
    return undefined;
  }
}
