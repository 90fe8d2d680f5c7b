import { noRecounts, type ReadRecounts } from '@oncefold/function-kit';
import type { BatchSettings } from '../../src/process-batch.ts';
import { createMemoryAccountingStore, type MemoryAccountingStore } from './memory-accounting-store.ts';
import { createMemoryQuarantineStore, type MemoryQuarantineStore } from './memory-quarantine-store.ts';
import { createMemoryStateStore, type MemoryStateStore } from './memory-state-store.ts';
import { hierarchy, STREAM } from './stream.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export interface MemoryPorts {
  readonly state: MemoryStateStore;
  readonly quarantine: MemoryQuarantineStore;
  readonly accounting: MemoryAccountingStore;
  readonly clock: VirtualClock;
  /** No recount runs. */
  readonly readRecounts: ReadRecounts;
}

/** Creates empty tables; small requests, so that small batches need several. */
export function createMemoryPorts(): MemoryPorts {
  return {
    state: createMemoryStateStore({ writesMax: 3 }),
    quarantine: createMemoryQuarantineStore(),
    accounting: createMemoryAccountingStore(),
    clock: createVirtualClock(),
    readRecounts: async () => noRecounts,
  };
}

export const settings: BatchSettings = {
  hierarchy,
  namespace: 'test',
  consumer: 'state',
  formerSource: STREAM,
  requestsMax: 2,
};

/** More than any test needs. */
export const REMAINING_MS = 30_000;
