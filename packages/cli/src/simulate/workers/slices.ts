import type { SeedSlice } from './worker-messages.ts';

/** A slice takes about so long, so that progress is smooth and all workers end at about the same time. */
const SLICE_SECONDS = 0.25;
/** Before it is known how fast the workers are. */
const HISTORIES_AT_FIRST = 16;
const HISTORIES_MAX = 128;
/** Each worker gets at least so many, if there are enough histories. */
const SLICES_PER_WORKER = 4;

/**
 * Cuts consecutive seeds into slices for workers.
 *
 * @param workers - number of threads
 * @param perSecond - asked before each slice: histories that all workers together made in a second so far; 0 if that is not known
 */
export function* slicesOf(
  { count, ...rest }: SeedSlice,
  workers: number,
  perSecond: () => number = () => 0,
): Generator<SeedSlice> {
  const most = Math.min(HISTORIES_MAX, Math.ceil(count / (workers * SLICES_PER_WORKER)));
  for (let done = 0; done < count; ) {
    const wanted = Math.ceil((perSecond() / workers) * SLICE_SECONDS) || HISTORIES_AT_FIRST;
    const size = Math.min(wanted, most, count - done);
    yield { ...rest, from: rest.from + done, count: size };
    done += size;
  }
}
