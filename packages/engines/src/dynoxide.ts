import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Engine } from './engine.ts';
import { freePort } from './free-port.ts';
import { launchEngine } from './launch-engine.ts';

const PROBE_TIMEOUT_MS = 2_000;

/** Finds the dynoxide program of this platform. */
export function findDynoxide(): string | undefined {
  try {
    const manifest = `@dynoxide/${process.platform}-${process.arch}/package.json`;
    return join(dirname(createRequire(import.meta.url).resolve(manifest)), 'dynoxide');
  } catch {
    return undefined;
  }
}

/** Starts dynoxide, in memory, on a free port: DynamoDB without Java. */
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
async function probe(
  endpoint: string,
  output: string,
): Promise<{ endpoint: string; version: string } | undefined> {
  if (!output.includes(`listening on ${endpoint}`)) {
    return undefined;
  }
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await response.arrayBuffer();
    if (response.status !== 200) {
      return undefined;
    }
    return { endpoint, version: response.headers.get('x-dynoxide-version') ?? 'unknown' };
  } catch {
    return undefined;
  }
}
