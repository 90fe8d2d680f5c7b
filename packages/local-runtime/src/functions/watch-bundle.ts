import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface BundleWatch {
  /** Resolves when the files have been looked at once: from then on every change counts. */
  readonly begun: Promise<void>;
  close(): void;
}

/** Time between two looks, milliseconds; also how long the files must hold still before a change counts. */
const INTERVAL_MS = 400;
/** A look may take so small a share of the time only: large folders are looked at less often. */
const LOOK_SHARE = 20;
/** Files beyond this are not looked at: a bundle has few. */
const FILES_MAX = 2_000;
const DEPTH_MAX = 20;

/**
 * Calls back when the code of a function has changed and holds still again.
 *
 * Names, sizes and times of the files are compared in turns, without `node_modules` and hidden folders. Notifications of
 * the system are bound to a folder, which build tools remove and recreate, come in several for one change, and are
 * missing on shared and virtual file systems; chokidar polls there, too. A bundle has two or three files, so polling
 * costs less than loading a library. A folder that is missing is waited for.
 */
export function watchBundle(options: {
  readonly directory: string;
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
  readonly intervalMs?: number;
}): BundleWatch {
  const intervalMs = options.intervalMs ?? INTERVAL_MS;
  let applied: string | undefined;
  let before: string | undefined;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const startedAt = performance.now();
    try {
      const now = await fingerprintOf(options.directory);
      if (isClosed) {
        return;
      }
      if (applied === undefined) {
        applied = now;
      } else if (now !== undefined && now !== applied && now === before) {
        applied = now;
        options.onChange();
      }
      before = now;
    } catch (error) {
      if (!isClosed) {
        options.onError(error);
      }
    }
    if (!isClosed) {
      plan(Math.max(intervalMs, (performance.now() - startedAt) * LOOK_SHARE));
    }
  }

  function plan(delayMs: number): void {
    timer = setTimeout(() => void look(), delayMs);
    timer.unref();
  }

  return {
    begun: look(),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

/** What changes when a file does; undefined while the folder is not there. */
async function fingerprintOf(directory: string): Promise<string | undefined> {
  const found: string[] = [];
  const isThere = await visit(directory, 0, found);
  return isThere ? found.sort().join('\n') : undefined;
}

async function visit(directory: string, depth: number, found: string[]): Promise<boolean> {
  const entries = await absentWhenGone(readdir(directory, { withFileTypes: true }));
  if (entries === undefined) {
    return false;
  }
  for (const entry of entries) {
    if (found.length >= FILES_MAX) {
      break;
    }
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      const isLeftOut = entry.name === 'node_modules' || entry.name.startsWith('.');
      if (!isLeftOut && depth < DEPTH_MAX) {
        await visit(path, depth + 1, found);
      }
      continue;
    }
    const status = await absentWhenGone(stat(path));
    if (status !== undefined) {
      found.push(`${path} ${status.size} ${status.mtimeMs}`);
    }
  }
  return true;
}

/** Files may go away between two questions. */
async function absentWhenGone<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return undefined;
    }
    throw error;
  }
}
