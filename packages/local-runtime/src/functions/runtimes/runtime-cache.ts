import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RuntimeInstallError } from './runtime-install-error.ts';

/** Something that functions need and that is installed when the first of them needs it. */
export interface RuntimePackage {
  /** Folder below the cache; it says everything that the content depends on, such as `python/3.11-awslambdaric-4.2.2`. */
  readonly key: string;
  /** The package and its version, as a sentence names it. */
  readonly what: string;
  /** What the person can do where it cannot be installed, as the end of a sentence. */
  readonly remedy: string;
  /** Fills an empty folder, which takes its final place afterwards: nothing in it may name its own path. */
  readonly install: (directory: string, signal: AbortSignal) => Promise<unknown>;
}

export interface RuntimeCache {
  readonly directory: string;
  /**
   * Gives the folder of a package, and installs it first if it is not there.
   *
   * @throws {@link RuntimeInstallError} with the remedy when it cannot be installed
   */
  provide(wanted: RuntimePackage): Promise<string>;
}

export interface RuntimeCacheOptions {
  readonly directory: string;
  /** Takes one line before something is installed, and where another process is waited for. */
  readonly onMessage: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Longest time for one package, milliseconds. */
  readonly limitMs?: number;
}

const INSTALL_MS_MAX = 10 * 60_000;
const LOCK_RENEWAL_MS = 1_000;
/** A lock that was not renewed for so long belongs to a process that is gone. */
const LOCK_LIFE_MS = 15_000;
const LOCK_CHECK_MS = 100;
/** No installation takes so long: what is older was left behind by a process that was killed. */
const LEFTOVER_AGE_MS = 60 * 60_000;

/**
 * Keeps packages that functions need beside their code, as Lambda's runtimes bring them.
 *
 * A package is installed into a folder of its own, which is renamed to its final name when it is complete, so that what
 * is there is whole, whoever was killed when. A lock keeps two processes from doing the same work; nothing depends on it.
 */
export function createRuntimeCache(options: RuntimeCacheOptions): RuntimeCache {
  const { directory, onMessage, signal, limitMs = INSTALL_MS_MAX } = options;

  async function provide(wanted: RuntimePackage): Promise<string> {
    const target = join(directory, wanted.key);
    if (await isThere(target)) {
      return target;
    }
    const timeout = AbortSignal.timeout(limitMs);
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    try {
      await mkdir(dirname(target), { recursive: true });
      await underLock(`${target}.lock`, {
        signal: either,
        onWait: () => onMessage(`waiting until ${wanted.what} is installed`),
        work: async () => {
          if (!(await isThere(target))) {
            onMessage(`installing ${wanted.what} into ${target}; this is done once`);
            await install(wanted, target, either);
          }
        },
      });
    } catch (error) {
      signal?.throwIfAborted();
      const reason = timeout.aborted
        ? `it took more than ${Math.round(limitMs / 1_000)} seconds`
        : (error as Error).message;
      throw new RuntimeInstallError(`cannot install ${wanted.what}: ${reason}; ${wanted.remedy}`, {
        cause: error,
      });
    }
    return target;
  }

  return { directory, provide };
}

async function install(wanted: RuntimePackage, target: string, signal: AbortSignal): Promise<void> {
  await removeLeftovers(target);
  const unfinished = `${target}.${randomUUID()}.tmp`;
  await mkdir(unfinished);
  try {
    await wanted.install(unfinished, signal);
    signal.throwIfAborted();
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process may have been quicker: the lock of one that was suspended for long is taken away.
    if (!(await isThere(target))) {
      throw error;
    }
  }
}

async function removeLeftovers(target: string): Promise<void> {
  const parent = dirname(target);
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (
      name.startsWith(`${basename(target)}.`) &&
      name.endsWith('.tmp') &&
      (await isOlder(path, LEFTOVER_AGE_MS))
    ) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

/** Runs work while no other process that asks for the same folder as its lock does. */
async function underLock(
  lock: string,
  { signal, onWait, work }: { signal: AbortSignal; onWait: () => void; work: () => Promise<void> },
): Promise<void> {
  let hasWaited = false;
  while (!(await tryLock(lock))) {
    if (!hasWaited) {
      hasWaited = true;
      onWait();
    }
    await sleep(LOCK_CHECK_MS, undefined, { signal });
  }
  const renewal = setInterval(() => {
    const now = new Date();
    // Whoever took the lock away goes on without it, which is harmless.
    utimes(lock, now, now).catch(() => undefined);
  }, LOCK_RENEWAL_MS);
  renewal.unref();
  try {
    await work();
  } finally {
    clearInterval(renewal);
    await rm(lock, { recursive: true, force: true });
  }
}

async function tryLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
  }
  if (await isOlder(lock, LOCK_LIFE_MS)) {
    await rm(lock, { recursive: true, force: true });
  }
  return false;
}

async function isOlder(path: string, ageMs: number): Promise<boolean> {
  const modifiedAt = await modificationTime(path);
  return modifiedAt !== undefined && Date.now() - modifiedAt > ageMs;
}

async function isThere(path: string): Promise<boolean> {
  return (await modificationTime(path)) !== undefined;
}

async function modificationTime(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
