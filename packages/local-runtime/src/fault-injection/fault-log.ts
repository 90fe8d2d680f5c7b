import type { Delivery } from '../streams/delivery-faults.ts';
import type { FaultKind } from './fault-settings.ts';
import type { InjectedFault, InjectedFaults } from './injected-fault.ts';

export interface FaultLogOptions {
  readonly onFault?: (fault: InjectedFault) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const FAULTS_KEPT_MAX = 10_000;

export class FaultLog {
  readonly #seed: number;
  readonly #options: FaultLogOptions;
  readonly #faults: InjectedFault[] = [];
  readonly #counts = new Map<FaultKind, number>();

  constructor(seed: number, options: FaultLogOptions) {
    this.#seed = seed;
    this.#options = options;
  }

  /** @param operation - the operation that it affects, where it affects a request */
  note(kind: FaultKind, { functionId, mappingId, command }: Delivery, operation?: string): void {
    const { onFault, now = Date.now } = this.#options;
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
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    if (this.#faults.length < FAULTS_KEPT_MAX) {
      this.#faults.push(fault);
    }
    onFault?.(fault);
  }

  injected(): InjectedFaults {
    return { seed: this.#seed, faults: [...this.#faults], counts: Object.fromEntries(this.#counts) };
  }
}
