import type { Slice } from './worker-messages.ts';

/** Histories of a slice: a fraction of a second, so that progress is smooth and all workers end at about the same time. */
const HISTORIES_MAX = 64;
/** Each worker gets at least so many, if there are enough histories. */
const SLICES_PER_WORKER = 4;

/** Cuts consecutive seeds into slices for workers. */
export function* slicesOf({ count, ...rest }: Slice, workers: number): Generator<Slice> {
  const size = Math.min(HISTORIES_MAX, Math.ceil(count / (workers * SLICES_PER_WORKER)));
  for (let done = 0; done < count; done += size) {
    yield { ...rest, from: rest.from + done, count: Math.min(size, count - done) };
  }
}
