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
 * Names, sizes and times of the files are compared in turns, without `node_modules`, `__pycache__` and hidden folders. Notifications of
 * the system are bound to a folder, which build tools remove and recreate, come in several for one change, and are
 * missing on shared and virtual file systems; chokidar polls there, too. A bundle has two or three files, so polling
 * costs less than loading a library. A folder that is missing is waited for.
 */
export function watchBundle(options: {
  readonly directory: string;
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
  readonly intervalMs?: number;
  /** Looks into `node_modules`, too. */
  readonly withDependencies?: boolean;
}): BundleWatch {
  const intervalMs = options.intervalMs ?? INTERVAL_MS;
  let applied: string | undefined;
  let before: string | undefined;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const startedAt = performance.now();
    try {
      const now = await fingerprintOf(options.directory, options.withDependencies ?? false);
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

const DEPENDENCIES = 'node_modules';
/** Folders that hold nothing that is edited: dependencies of Node.js, and what Python makes of sources. */
const LEFT_OUT = [DEPENDENCIES, '__pycache__'];

/**
 * What changes when a file does; undefined while the folder is not there.
 *
 * Folder by folder from the top, so that a function's own files come before those of the dependencies that lie beside them.
 */
async function fingerprintOf(directory: string, withDependencies: boolean): Promise<string | undefined> {
  const leftOut = LEFT_OUT.filter((name) => !withDependencies || name !== DEPENDENCIES);
  const found: string[] = [];
  let isThere = false;
  let folders = [directory];
  for (let depth = 0; depth <= DEPTH_MAX && folders.length > 0 && found.length < FILES_MAX; depth += 1) {
    const below: string[] = [];
    for (const folder of folders) {
      const entries = await absentWhenGone(readdir(folder, { withFileTypes: true }));
      isThere ||= entries !== undefined;
      for (const entry of entries ?? []) {
        const path = join(folder, entry.name);
        if (!entry.isDirectory()) {
          await note(path, found);
        } else if (!leftOut.includes(entry.name) && !entry.name.startsWith('.')) {
          below.push(path);
        }
      }
    }
    folders = below;
  }
  return isThere ? found.sort().join('\n') : undefined;
}

async function note(path: string, found: string[]): Promise<void> {
  if (found.length >= FILES_MAX) {
    return;
  }
  const status = await absentWhenGone(stat(path));
  if (status !== undefined) {
    found.push(`${path} ${status.size} ${status.mtimeMs}`);
  }
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
