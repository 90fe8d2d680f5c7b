import type { Delivery } from '../streams/delivery-faults.ts';
import type { FaultKind } from './fault-settings.ts';
import type { InjectedFault, InjectedFaults } from './injected-fault.ts';

/** Keeps note of each fault that was injected. */
export interface FaultLog {
  /** @param operation - the operation that it affects, where it affects a request */
  note(kind: FaultKind, delivery: Delivery, operation?: string): void;
  injected(): InjectedFaults;
}

const FAULTS_KEPT_MAX = 10_000;

export function createFaultLog(
  seed: number,
  options: { readonly onFault?: (fault: InjectedFault) => void; readonly now?: () => number },
): FaultLog {
  const faults: InjectedFault[] = [];
  const counts = new Map<FaultKind, number>();
  const now = options.now ?? Date.now;
  return {
    note(kind, { functionId, mappingId, command }, operation) {
      const fault: InjectedFault = {
        kind,
        at: now(),
        functionId,
        mappingId,
        batch: {
          shardId: command.shardId,
          firstSequenceNumber: command.startSequenceNumber,
          lastSequenceNumber: command.endSequenceNumber,
          records: command.recordCount,
          attempt: command.retryAttempt + 1,
        },
        ...(operation === undefined ? {} : { operation }),
      };
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (faults.length < FAULTS_KEPT_MAX) {
        faults.push(fault);
      }
      options.onFault?.(fault);
    },
    injected: () => ({ seed, faults: [...faults], counts: Object.fromEntries(counts) }),
  };
}
