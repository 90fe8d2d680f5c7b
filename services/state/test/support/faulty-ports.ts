import type { BatchPorts } from '../../src/process-batch.ts';
import type { MemoryPorts } from './memory-ports.ts';

/** What goes wrong at a step, that is, at one call of a store. */
export type Fault =
  /** The process dies before the store does anything. */
  | 'crash-before'
  /** The process dies after the store has done it. */
  | 'crash-after'
  /** The store does part of it, then the process dies. */
  | 'crash-midway'
  /** The store refuses for now and has done nothing. */
  | 'unavailable-before'
  /** The store has done it, but the reply is lost. */
  | 'unavailable-after';

export const faults: readonly Fault[] = [
  'crash-before',
  'crash-after',
  'crash-midway',
  'unavailable-before',
  'unavailable-after',
];

class Crash extends Error {
  override readonly name = 'Crash';
}

/**
 * Puts faults between the use case and its stores.
 *
 * @param planned - fault by step, counted over all stores and all batches from 0
 */
export function withFaults(ports: MemoryPorts, planned: ReadonlyMap<number, Fault>): BatchPorts {
  let step = 0;
  const call = async <Part, Result>(
    parts: readonly Part[],
    run: (parts: readonly Part[]) => Promise<Result>,
    unavailable: () => Result,
  ): Promise<Result> => {
    const fault = planned.get(step++);
    if (fault === 'crash-before') {
      throw new Crash();
    }
    if (fault === 'unavailable-before') {
      return unavailable();
    }
    const done = fault === 'crash-midway' ? parts.slice(0, parts.length >> 1) : parts;
    const result = done.length === 0 ? unavailable() : await run(done);
    if (fault === 'crash-midway' || fault === 'crash-after') {
      throw new Crash();
    }
    return fault === 'unavailable-after' ? unavailable() : result;
  };
  const unavailable = { code: 'unavailable', reason: 'fault' } as const;
  const callForAll = <Part, Result>(
    parts: readonly Part[],
    run: (parts: readonly Part[]) => Promise<readonly Result[]>,
  ) => call<Part, readonly (Result | typeof unavailable)[]>(parts, run, () => parts.map(() => unavailable));
  const { clock, readRecounts, state, quarantine, accounting } = ports;
  return {
    clock,
    readRecounts,
    state: {
      writesMax: state.writesMax,
      write: (writes, signal) => callForAll(writes, (some) => state.write(some, signal)),
      keysMax: state.keysMax,
      find: (tradeIds, signal) => callForAll(tradeIds, (some) => state.find(some, signal)),
    },
    quarantine: {
      itemsMax: quarantine.itemsMax,
      put: (items, signal) => callForAll(items, (some) => quarantine.put(some, signal)),
      keysMax: quarantine.keysMax,
      find: (keys, signal) => callForAll(keys, (some) => quarantine.find(some, signal)),
    },
    accounting: {
      advance: (entry, signal) =>
        call(
          [entry],
          () => accounting.advance(entry, signal),
          () => unavailable,
        ),
    },
  };
}
