/** Something that happens later, unless it is cancelled. */
export interface Timer {
  cancel(): void;
}

/**
 * Virtual time: nothing passes but what is scheduled, in the order of time, and at one time in the order of scheduling.
 *
 * Work in the background (a poller that looks for new shards once an hour) does not keep a history going.
 */
export interface Scheduler {
  /** Milliseconds since the epoch. */
  now(): number;
  after(delayMs: number, run: () => void): Timer;
  afterInBackground(delayMs: number, run: () => void): Timer;
  /** Says that promises of simulated code were resolved, so that what waits for them must run before the next event. */
  resume(): void;
  /**
   * Runs events until simulated code is to run, or nothing is left but background work.
   *
   * @param eventsMax - a bound against a history that never ends
   * @returns `resumed`: let the promises run, then go on; `drained`: nothing is left; `exhausted`: the bound was met
   */
  advance(eventsMax: number): 'resumed' | 'drained' | 'exhausted';
  /** Events that have run. */
  readonly events: number;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly isBackground: boolean;
  run: (() => void) | undefined;
}

/**
 * Makes a clock that stands at `startMs`.
 *
 * @param startMs - milliseconds since the epoch
 */
export function createScheduler(startMs: number): Scheduler {
  const heap: Entry[] = [];
  let now = startMs;
  let order = 0;
  let events = 0;
  let foreground = 0;
  let isResumed = false;

  const schedule = (delayMs: number, run: () => void, isBackground: boolean): Timer => {
    const entry: Entry = { at: now + Math.max(0, delayMs), order: order++, isBackground, run };
    push(heap, entry);
    foreground += isBackground ? 0 : 1;
    return {
      cancel: () => {
        if (entry.run !== undefined) {
          entry.run = undefined;
          foreground -= isBackground ? 0 : 1;
        }
      },
    };
  };

  return {
    now: () => now,
    after: (delayMs, run) => schedule(delayMs, run, false),
    afterInBackground: (delayMs, run) => schedule(delayMs, run, true),
    resume: () => {
      isResumed = true;
    },
    advance: (eventsMax) => {
      for (;;) {
        if (isResumed) {
          isResumed = false;
          return 'resumed';
        }
        if (foreground === 0) {
          return 'drained';
        }
        if (events >= eventsMax) {
          return 'exhausted';
        }
        const entry = pop(heap);
        const run = entry?.run;
        if (entry === undefined || run === undefined) {
          continue;
        }
        entry.run = undefined;
        foreground -= entry.isBackground ? 0 : 1;
        now = entry.at;
        events += 1;
        run();
      }
    },
    get events() {
      return events;
    },
  };
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Entry;
    if (!isBefore(entry, above)) {
      break;
    }
    heap[index] = above;
    index = parent;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || top === last) {
    return top;
  }
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const right = left + 1;
    const leftEntry = heap[left];
    if (leftEntry === undefined) {
      break;
    }
    const rightEntry = heap[right];
    const isRight = rightEntry !== undefined && isBefore(rightEntry, leftEntry);
    const child = isRight ? rightEntry : leftEntry;
    if (!isBefore(child, last)) {
      break;
    }
    heap[index] = child;
    index = isRight ? right : left;
  }
  heap[index] = last;
  return top;
}
