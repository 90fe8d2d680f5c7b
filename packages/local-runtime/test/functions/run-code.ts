import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FunctionPoolOptions } from '../../src/functions/function-pool.ts';
import type { InvocationResult } from '../../src/functions/invocation.ts';
import { createLayerFolders } from '../../src/functions/layers/layer-folders.ts';
import { type ReportedByPool, startPool } from './start-pool.ts';

export interface CodeOptions {
  /** Texts of files by their paths in a folder of their own. */
  readonly files: Readonly<Record<string, string>>;
  /** Folder of the function below that folder. */
  readonly directory?: string;
  readonly runtime?: string;
  /** Folders of layers below that folder. */
  readonly layers?: readonly string[];
  readonly handler?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly pool?: Partial<FunctionPoolOptions>;
  /** Events of one invocation each, one after the other. */
  readonly events?: readonly unknown[];
}

/** Runs a function of a few files from its start to its end, and gives its answers, in order. */
export async function runCode(
  options: CodeOptions,
): Promise<{ results: InvocationResult[]; answers: unknown[]; reported: ReportedByPool; folder: string }> {
  const layerFolders = createLayerFolders();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'oncefold-')));
  try {
    writeFiles(folder, options.files);
    const { handler = 'index.handler', events = [{}] } = options;
    const layers = await layerFolders.merge((options.layers ?? []).map((layer) => join(folder, layer)));
    const { pool, reported } = startPool(handler, {
      taskRoot: join(folder, options.directory ?? ''),
      ...options.pool,
      ...(options.runtime !== undefined && { runtime: options.runtime }),
      variables: { ...options.variables },
      layers: layers?.directory,
    });
    const results: InvocationResult[] = [];
    try {
      for (const event of events) {
        results.push(await pool.invoke({ requestId: randomUUID(), payload: JSON.stringify(event) }));
      }
    } finally {
      await pool.stop();
    }
    const answers = results.map((result) =>
      result.code === 'succeeded'
        ? JSON.parse(result.payload)
        : `${result.errorType}: ${result.errorMessage}`,
    );
    return { results, answers, reported, folder };
  } finally {
    await layerFolders.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
