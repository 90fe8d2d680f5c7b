import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { type GuardedProcess, type GuardedSpawnOptions, guardedSpawn } from './guarded-spawn.ts';

export interface LaunchOptions {
  readonly name: string;
  readonly prepare: () => Promise<Launch>;
  /** Stops the start, and later the engine. */
  readonly signal?: AbortSignal | undefined;
}

export type EngineAddress = Pick<Engine, 'endpoint' | 'version'>;

/** One attempt to start an engine. */
interface Launch {
  readonly command: Pick<GuardedSpawnOptions, 'command' | 'args' | 'cwd' | 'env' | 'scratch'>;
  /**
   * Looks whether the engine is ready, and whether it is this one and not another process on the same port.
   *
   * @param output - the end of what the engine has printed so far, on standard output and standard error
   * @returns where it is, or nothing as long as it is not ready
   */
  readonly probe: (output: string) => Promise<EngineAddress | undefined>;
  /** Removes what only the start needs; called once, when the engine is ready or has failed. */
  readonly cleanUp?: () => Promise<void>;
}

const ATTEMPTS_MAX = 4;
const START_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 40;
const OUTPUT_LENGTH_MAX = 4_000;
/** What an engine said before it ended is waited for, but a program of its own may hold the pipe open. */
const LAST_WORDS_MS = 1_000;
const PORT_TAKEN = /address already in use|is already in use|EADDRINUSE|failed to bind/i;

/**
 * Starts an engine and waits until it answers.
 *
 * A port that another process took in the meantime is replaced by another one, a few times. The limit of a minute is
 * against hanging; a quiet machine needs a second or two.
 *
 * @throws {@link EngineError} with the end of its output when the engine ends early or does not answer in time
 */
export async function launchEngine(options: LaunchOptions): Promise<Engine> {
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted();
    const launch = await options.prepare();
    try {
      return await startOnce(launch, options);
    } catch (error) {
      const isPortTaken =
        error instanceof EngineError && error.code === 'start-exited' && PORT_TAKEN.test(error.message);
      if (!isPortTaken || attempt >= ATTEMPTS_MAX) {
        throw error;
      }
    } finally {
      await launch.cleanUp?.();
    }
  }
}

async function startOnce(launch: Launch, options: LaunchOptions): Promise<Engine> {
  const child = await guardedSpawn({ ...launch.command, stdout: 'pipe', stderr: 'pipe' });
  const output = collectOutput(child);
  try {
    return asEngine(options, child, output, await untilReady(launch, child, output, options));
  } catch (error) {
    await child.stop();
    if (!(error instanceof EngineError)) {
      throw error;
    }
    await output.settled();
    throw new EngineError(`${error.message}; its last output: ${output.text().trim() || '(none)'}`, {
      code: error.code,
      cause: error,
    });
  }
}

async function untilReady(
  launch: Launch,
  child: GuardedProcess,
  output: Output,
  { name, signal }: LaunchOptions,
): Promise<EngineAddress> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    if (child.exit !== undefined) {
      throw new EngineError(`${name} ended while starting (${JSON.stringify(child.exit)})`, {
        code: 'start-exited',
      });
    }
    const found = await launch.probe(output.text());
    if (found !== undefined) {
      return found;
    }
    await Promise.race([sleep(POLL_INTERVAL_MS), child.exited]);
  }
  throw new EngineError(`${name} did not answer within ${START_TIMEOUT_MS} ms`, { code: 'start-timeout' });
}

function asEngine(
  { name, signal }: LaunchOptions,
  child: GuardedProcess,
  output: Output,
  found: EngineAddress,
): Engine {
  const abort = () => void child.kill('SIGKILL');
  signal?.addEventListener('abort', abort, { once: true });
  void child.exited.then(() => signal?.removeEventListener('abort', abort));
  // What it said before it ended may still be on its way.
  const exited = child.exited.then(async (exit) => {
    await output.settled();
    return exit;
  });
  return {
    name,
    ...found,
    pid: child.pid,
    exited,
    lastOutput: () => output.text().trim(),
    stop: () => child.stop(),
  };
}

interface Output {
  text(): string;
  /** Resolves, never rejects, when nothing more will come from a program that has ended. */
  settled(): Promise<void>;
}

/** Keeps reading, because a full pipe stops the engine, and keeps the end of what was read. */
function collectOutput({ stdout, stderr }: GuardedProcess): Output {
  let text = '';
  const streams = [stdout, stderr].filter((stream) => stream !== undefined);
  for (const stream of streams) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-OUTPUT_LENGTH_MAX);
    });
  }
  // A pipe may break when the engine is killed; how the engine ended is reported elsewhere.
  const ended = Promise.allSettled(streams.map((stream) => finished(stream)));
  return {
    text: () => text,
    async settled() {
      const patience = new AbortController();
      await Promise.race([ended, sleep(LAST_WORDS_MS, undefined, { signal: patience.signal })]);
      patience.abort();
    },
  };
}
