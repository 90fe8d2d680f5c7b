import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CouldNotRunError } from '../../command-line/could-not-run-error.ts';
import type { Slice, Tally, WorkerAnswer } from './worker-messages.ts';

/** Slices that a worker has at once: one that it runs, and one that it runs next. */
const SLICES_AT_ONCE = 2;
/** A slice takes a fraction of a second; one that takes so long hangs, in milliseconds. */
const SLICE_MS_MAX = 300_000;
/** Histories leave much behind at once: with room for it, most of it is gone before it is collected. */
const YOUNG_GENERATION_MB = 64;

/** Threads that run slices of seeds. */
export interface WorkerPool {
  /**
   * Runs all slices, each once, in any order.
   *
   * Returns early, and without an error, when the signal is aborted: what was told until then is what there is.
   *
   * @throws {@link CouldNotRunError} when a slice has no result
   */
  run(slices: Iterable<Slice>, onDone: (tally: Tally) => void): Promise<void>;
  /** Ends all threads, whatever they are doing. */
  end(): Promise<void>;
}

/** A thread, and the slices that it has been given, the one that it runs first. */
interface Member {
  readonly worker: Worker;
  readonly slices: Slice[];
  timer: NodeJS.Timeout | undefined;
}

/** Starts threads, and waits until each has loaded what it needs. */
export async function startWorkerPool(options: {
  readonly workers: number;
  readonly signal: AbortSignal;
  /** By default the worker of this folder; for tests. */
  readonly entry?: URL;
}): Promise<WorkerPool> {
  const entry = options.entry ?? new URL('./worker.ts', import.meta.url);
  const members = Array.from({ length: options.workers }, (): Member => {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
    return { worker: new Worker(entry, { resourceLimits }), slices: [], timer: undefined };
  });
  const end = async (): Promise<void> => {
    for (const { timer } of members) {
      clearTimeout(timer);
    }
    await Promise.all(members.map(({ worker }) => worker.terminate()));
  };
  try {
    await Promise.all(members.map(({ worker }) => once(worker, 'message', { signal: options.signal })));
  } catch (cause) {
    await end();
    options.signal.throwIfAborted();
    throw new CouldNotRunError(`a worker could not be started: ${describe(cause)}`, { cause });
  }
  return {
    run: (slices, onDone) => runSlices(members, { slices, onDone, signal: options.signal }),
    end,
  };
}

interface Run {
  readonly slices: Iterable<Slice>;
  readonly onDone: (tally: Tally) => void;
  readonly signal: AbortSignal;
}

function runSlices(members: readonly Member[], { slices, onDone, signal }: Run): Promise<void> {
  const iterator = slices[Symbol.iterator]();
  const stopListening: (() => void)[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();

  const watch = (member: Member): void => {
    clearTimeout(member.timer);
    const [current] = member.slices;
    if (current !== undefined) {
      const reason = `no answer within ${SLICE_MS_MAX / 1_000} s`;
      member.timer = setTimeout(() => reject(lost(current, reason)), SLICE_MS_MAX);
    }
  };
  const feed = (member: Member): void => {
    while (member.slices.length < SLICES_AT_ONCE) {
      const next = iterator.next();
      if (next.done === true) {
        break;
      }
      member.slices.push(next.value);
      member.worker.postMessage(next.value);
    }
    watch(member);
    if (members.every((each) => each.slices.length === 0)) {
      resolve();
    }
  };
  const onAnswer = (member: Member, answer: WorkerAnswer): void => {
    const slice = member.slices.shift();
    if (answer.code === 'failed') {
      reject(failed(slice, answer));
    } else if (answer.code === 'done') {
      onDone(answer.tally);
      feed(member);
    }
  };

  for (const member of members) {
    const { worker } = member;
    const listeners = {
      message: (answer: WorkerAnswer) => onAnswer(member, answer),
      error: (error: unknown) => reject(lost(member.slices[0], describe(error))),
      exit: (code: number) => reject(lost(member.slices[0], `exit code ${code}`)),
    };
    worker.on('message', listeners.message).on('error', listeners.error).on('exit', listeners.exit);
    stopListening.push(() => {
      worker.off('message', listeners.message).off('error', listeners.error).off('exit', listeners.exit);
    });
  }
  const onAbort = (): void => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) {
    resolve();
  }
  for (const member of members) {
    feed(member);
  }
  return promise.finally(() => {
    signal.removeEventListener('abort', onAbort);
    for (const stop of stopListening) {
      stop();
    }
    for (const { timer } of members) {
      clearTimeout(timer);
    }
  });
}

function lost(slice: Slice | undefined, reason: string): CouldNotRunError {
  return new CouldNotRunError(`a worker has died${duringSlice(slice)}: ${reason}`);
}

function failed(
  slice: Slice | undefined,
  { seed, reason }: Extract<WorkerAnswer, { code: 'failed' }>,
): CouldNotRunError {
  const where = seed === undefined ? duringSlice(slice) : ` of seed ${seed}${strategyOf(slice)}`;
  return new CouldNotRunError(`a history${where} could not be made: ${reason}`);
}

/** Says which seeds have to be run again to see it. */
function duringSlice(slice: Slice | undefined): string {
  return slice === undefined
    ? ''
    : ` while it ran seeds ${slice.from} to ${slice.from + slice.count - 1}${strategyOf(slice)}`;
}

function strategyOf(slice: Slice | undefined): string {
  return slice?.source.kind === 'stage' && slice.source.strategy !== undefined
    ? ` with ${slice.source.strategy}`
    : '';
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
