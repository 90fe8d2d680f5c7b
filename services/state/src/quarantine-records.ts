import { quarantineItems } from '@oncefold/quarantine';
import type { Attempts } from './attempts.ts';
import { chunksOf, mapWithLimit } from './map-with-limit.ts';
import type { QuarantineStore } from './quarantine-store.ts';

/** A record that is to be put aside. */
export interface SuspectRecord {
  readonly recordId: string;
  readonly bytes: Uint8Array;
  /** A literal that says what is wrong. */
  readonly reason: string;
  /** Name of the field that is wrong; absent where the whole record is. */
  readonly field?: string;
}

/** Options of {@link quarantineRecords}. */
export interface QuarantineOptions {
  readonly consumer: string;
  /** The tries of this phase of the invocation. */
  readonly attempts: Attempts;
  /** Requests under way at once, 1 or more. */
  readonly requestsMax: number;
}

/**
 * Puts records aside with their raw bytes, whole.
 *
 * Items are keyed by the record's position, so that a redelivery writes the same items again.
 *
 * @param records - what to put aside, each of another position
 * @param store - where to
 * @param options - {@link QuarantineOptions}
 * @returns the ids of the records of which some part could not be put in time; they must be delivered again
 * @throws what the store throws
 */
export async function quarantineRecords(
  records: readonly SuspectRecord[],
  store: QuarantineStore,
  options: QuarantineOptions,
): Promise<ReadonlySet<string>> {
  const { consumer, attempts, requestsMax } = options;
  let open = records.flatMap(({ recordId, bytes, reason, field }) =>
    quarantineItems({ source: recordId, consumer, reason, detail: field ?? '', payload: bytes }),
  );
  while (open.length > 0) {
    const unavailable = await mapWithLimit(chunksOf(open, store.itemsMax), requestsMax, async (items) => {
      const results = await store.put(items, attempts.signal);
      return items.filter((_item, place) => results[place]?.code !== 'written');
    });
    open = unavailable.flat();
    if (open.length > 0 && !(await attempts.again())) break;
  }
  return new Set(open.map((item) => item.key.Source.S));
}
