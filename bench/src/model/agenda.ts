/** What is to happen on a simulated clock, in the order of its times; what has one time, in the order in which it was planned. */
export interface Agenda {
  readonly nowMs: number;
  plan(atMs: number, action: () => void): void;
  /** Lets everything happen that is planned until then. */
  runUntil(endMs: number): void;
}

interface Entry {
  readonly atMs: number;
  readonly place: number;
  readonly action: () => void;
}

/** Makes an agenda whose clock stands at 0. A heap: entries come and go by the hundred thousand. */
export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let nowMs = 0;
  let planned = 0;

  function isBefore(one: number, other: number): boolean {
    const [a, b] = [heap[one], heap[other]];
    return (
      a !== undefined && (b === undefined || a.atMs < b.atMs || (a.atMs === b.atMs && a.place < b.place))
    );
  }

  function swap(one: number, other: number): void {
    const [a, b] = [heap[one], heap[other]];
    if (a !== undefined && b !== undefined) {
      heap[one] = b;
      heap[other] = a;
    }
  }

  function takeFirst(): Entry | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) {
      return first;
    }
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = isBefore(right, left) ? right : left;
      if (!isBefore(child, at)) {
        return first;
      }
      swap(child, at);
      at = child;
    }
  }

  return {
    get nowMs() {
      return nowMs;
    },
    plan(atMs, action) {
      heap.push({ atMs: Math.max(atMs, nowMs), place: planned, action });
      planned += 1;
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) {
          return;
        }
        swap(at, parent);
        at = parent;
      }
    },
    runUntil(endMs) {
      for (let next = heap[0]; next !== undefined && next.atMs <= endMs; next = heap[0]) {
        takeFirst();
        nowMs = next.atMs;
        next.action();
      }
      nowMs = Math.max(nowMs, endMs);
    },
  };
}
