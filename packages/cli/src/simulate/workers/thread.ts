import { Worker } from 'node:worker_threads';
import type { Slice, WorkerAnswer } from './worker-messages.ts';

/** Histories leave much behind at once: with room for it, most of it is gone before it is collected. */
const YOUNG_GENERATION_MB = 64;

/** A worker thread, and what it has to do. */
export interface Thread {
  /** Slices that it has been given and not answered, the one that it runs first. */
  readonly slices: readonly Slice[];
  give(slice: Slice): void;
  /** Takes over what it says from now on, its death included; a death before is told at once. */
  listen(listeners: ThreadListeners): void;
  end(): Promise<void>;
}

/** Who hears a thread. */
export interface ThreadListeners {
  /** The slice is the one that is answered. */
  onAnswer(answer: WorkerAnswer, slice: Slice | undefined): void;
  /** The slice is the one that it ran, if it ran one. */
  onDeath(reason: string, slice: Slice | undefined): void;
}

/** Starts a thread; its first answer is `ready`. */
export function startThread(entry: URL): Thread {
  const worker = new Worker(entry, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB } });
  const slices: Slice[] = [];
  let current: ThreadListeners | undefined;
  let death: string | undefined;
  const die = (reason: string): void => {
    if (death === undefined) {
      death = reason;
      current?.onDeath(reason, slices[0]);
    }
  };
  worker.on('message', (answer: WorkerAnswer) => {
    current?.onAnswer(answer, answer.code === 'ready' ? undefined : slices.shift());
  });
  worker.on('error', (error: unknown) => die(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => die(`it has exited with code ${code}`));
  return {
    slices,
    give: (slice) => {
      slices.push(slice);
      worker.postMessage(slice);
    },
    listen: (listeners) => {
      current = listeners;
      if (death !== undefined) {
        listeners.onDeath(death, slices[0]);
      }
    },
    end: async () => {
      current = undefined;
      await worker.terminate();
    },
  };
}
