import { CouldNotRunError } from '../../command-line/could-not-run-error.ts';
import { startThread, type Thread } from './thread.ts';
import {
  describeSlice,
  type ResultOf,
  type Slice,
  strategyOf,
  type WorkerAnswer,
} from './worker-messages.ts';

/** Slices that a worker has at once: one that it runs, and one that it runs next. */
const SLICES_AT_ONCE = 2;
/** A slice takes a fraction of a second, and loading a few; what takes so long hangs, in milliseconds. */
const ANSWER_MS_MAX = 300_000;

/** Threads that run slices. */
export interface WorkerPool {
  /**
   * Runs all slices, each once, in any order.
   *
   * Returns early, and without an error, when the signal is aborted: what was told until then is what there is.
   *
   * @throws {@link CouldNotRunError} when a slice has no result
   */
  run<Work extends Slice>(slices: Iterable<Work>, onDone: (result: ResultOf<Work>) => void): Promise<void>;
  /** Ends all threads, whatever they are doing. */
  end(): Promise<void>;
}

/** What a pool is made of. */
export interface WorkerPoolOptions {
  readonly workers: number;
  readonly signal: AbortSignal;
  /** By default the worker of this folder. */
  readonly entry?: URL;
  /** Longest time for one answer, in milliseconds; by default five minutes. */
  readonly answerMsMax?: number;
}

/**
 * Starts threads, and waits until each has loaded what it needs.
 *
 * @throws {@link CouldNotRunError} when one cannot be started
 */
export async function startWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  const { workers, signal, entry = new URL('./worker.ts', import.meta.url) } = options;
  const { answerMsMax = ANSWER_MS_MAX } = options;
  const threads = Array.from({ length: workers }, () => startThread(entry));
  const end = async (): Promise<void> => {
    await Promise.all(threads.map((thread) => thread.end()));
  };
  try {
    await Promise.all(threads.map((thread) => untilReady(thread, { signal, answerMsMax })));
  } catch (error) {
    await end();
    throw error;
  }
  return { run: (slices, onDone) => runSlices(threads, { slices, onDone, signal, answerMsMax }), end };
}

function untilReady(
  thread: Thread,
  { signal, answerMsMax }: { readonly signal: AbortSignal; readonly answerMsMax: number },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (reason: string): void =>
    reject(new CouldNotRunError(`a worker could not be started: ${reason}`));
  const timer = setTimeout(() => fail(noAnswer(answerMsMax)), answerMsMax);
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  thread.listen({ onAnswer: () => resolve(), onDeath: fail });
  if (signal.aborted) {
    onAbort();
  }
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  });
}

interface Run<Work extends Slice> {
  readonly slices: Iterable<Work>;
  readonly onDone: (result: ResultOf<Work>) => void;
  readonly signal: AbortSignal;
  readonly answerMsMax: number;
}

function runSlices<Work extends Slice>(
  threads: readonly Thread[],
  { slices, onDone, signal, answerMsMax }: Run<Work>,
): Promise<void> {
  const iterator = slices[Symbol.iterator]();
  const timers = new Map<Thread, NodeJS.Timeout>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isOver = false;

  const watch = (thread: Thread): void => {
    clearTimeout(timers.get(thread));
    const [current] = thread.slices;
    if (current !== undefined && !isOver) {
      timers.set(
        thread,
        setTimeout(() => reject(lost(noAnswer(answerMsMax), current)), answerMsMax),
      );
    }
  };
  const feed = (thread: Thread): void => {
    while (thread.slices.length < SLICES_AT_ONCE) {
      const next = iterator.next();
      if (next.done === true) {
        break;
      }
      thread.give(next.value);
    }
    watch(thread);
    if (threads.every((each) => each.slices.length === 0)) {
      resolve();
    }
  };
  const onAbort = (): void => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) {
    resolve();
  }
  for (const thread of threads) {
    thread.listen({
      onAnswer: (answer, slice) => {
        if (answer.code === 'failed') {
          reject(failed(answer, slice));
        } else if (answer.code === 'done' && !isOver) {
          // A worker answers each slice with the result of its kind.
          onDone(answer.result as ResultOf<Work>);
          feed(thread);
        }
      },
      onDeath: (reason, slice) => reject(lost(reason, slice)),
    });
    feed(thread);
  }
  return promise.finally(() => {
    isOver = true;
    signal.removeEventListener('abort', onAbort);
    for (const timer of timers.values()) {
      clearTimeout(timer);
    }
  });
}

function noAnswer(answerMsMax: number): string {
  return `no answer within ${answerMsMax / 1_000} s`;
}

function lost(reason: string, slice: Slice | undefined): CouldNotRunError {
  return new CouldNotRunError(`a worker was lost${duringSlice(slice)}: ${reason}`);
}

function failed(
  { seed, reason }: Extract<WorkerAnswer, { readonly code: 'failed' }>,
  slice: Slice | undefined,
): CouldNotRunError {
  const where =
    seed === undefined || slice?.kind !== 'seeds'
      ? duringSlice(slice)
      : ` of seed ${seed}${strategyOf(slice.source)}`;
  return new CouldNotRunError(`a history${where} could not be made: ${reason}`);
}

function duringSlice(slice: Slice | undefined): string {
  return slice === undefined ? '' : ` while it ran ${describeSlice(slice)}`;
}
