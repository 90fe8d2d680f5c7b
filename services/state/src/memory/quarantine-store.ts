import type { QuarantinePart, QuarantineStore } from '../quarantine-store.ts';

/** A quarantine table in memory, with a view of what it holds. */
export interface MemoryQuarantineStore extends QuarantineStore {
  /** Parts by `<part>#<source>`. */
  readonly items: ReadonlyMap<string, QuarantinePart>;
}

/**
 * Creates a quarantine table in memory that keeps the promises of {@link QuarantineStore}.
 *
 * @returns the store
 */
export function createMemoryQuarantineStore(): MemoryQuarantineStore {
  const items = new Map<string, QuarantinePart>();
  const partsMax = 25;
  return {
    items,
    partsMax,
    async put(parts, signal) {
      if (parts.length === 0 || parts.length > partsMax)
        throw new RangeError(`A call takes 1 to ${partsMax} parts.`);
      if (signal.aborted) return parts.map(() => ({ code: 'unavailable', reason: 'AbortError' }));
      for (const part of parts) items.set(`${part.part}#${part.source}`, part);
      return parts.map(() => ({ code: 'written' }));
    },
  };
}
