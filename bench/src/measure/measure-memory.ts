import { setTimeout as sleep } from 'node:timers/promises';
import type { Pair } from '../figure.ts';

interface MemoryOptions<Event> {
  /** Makes an event. */
  readonly make: () => Event;
  readonly use: (event: Event, sample: () => void) => Promise<unknown>;
  readonly quick: boolean;
}

/**
 * Measures how much memory a function keeps alive while it works on an event, the event included, against the event alone.
 *
 * What is alive is what the heap holds after a collection, and it is looked at where the work calls `sample`: where all records have been
 * read, and where a transaction is sent. The most that was seen is the subject. Garbage is not counted: how much of it lies about says
 * how much memory the process has, not how much it needs.
 *
 * @returns pairs in megabytes of heap
 */
export async function measureMemory<Event>(options: MemoryOptions<Event>): Promise<readonly Pair[]> {
  // The first is for what is compiled and remembered once.
  await measureOnce(options);
  const pairs: Pair[] = [];
  while (pairs.length < (options.quick ? 1 : 3)) {
    pairs.push(await measureOnce(options));
  }
  return pairs;
}

/** In a frame of its own, so that no variable holds the event before. */
async function measureOnce<Event>({ make, use }: MemoryOptions<Event>): Promise<Pair> {
  const before = await liveBytesAtRest();
  let most = 0;
  const event = make();
  const ofEvent = liveBytes() - before;
  await use(event, () => {
    most = Math.max(most, liveBytes() - before);
  });
  return { subject: most / 1e6, reference: ofEvent / 1e6 };
}

/** How often to look again: what has ended may hold the event before for a while. */
const TURNS_MAX = 20;
const TURN_MS = 25;

/** What is alive when nothing works: the least that is seen in a while. */
async function liveBytesAtRest(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    await sleep(TURN_MS);
    least = Math.min(least, liveBytes());
  }
  return least;
}

function liveBytes(): number {
  if (globalThis.gc === undefined) {
    throw new Error('measuring memory needs --expose-gc');
  }
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** Calls a function when the last record of an event is read. */
export function onLastRecord<Event extends { readonly Records: readonly object[] }>(
  event: Event,
  read: () => void,
): Event {
  const last = event.Records.at(-1) as Readonly<Record<string, unknown>>;
  const name = 'dynamodb' in last ? 'dynamodb' : 'kinesis';
  const content = last[name];
  Object.defineProperty(last, name, {
    get: () => {
      read();
      return content;
    },
  });
  return event;
}
