import type { DispatchedProcess } from '../functions/function-pool.ts';
import type { Delivery } from '../streams/delivery-faults.ts';

/** A delivery as long as the function has it. */
export interface RunningDelivery {
  readonly delivery: Delivery;
  /** Names it among all deliveries to its function: the same in every run with the same seed. */
  readonly label: string;
  /** Its process is to be killed after a write. */
  isDoomed: boolean;
  isKilled: boolean;
  requests: number;
  writes: number;
  crash: (() => void) | undefined;
}

export class RunningDeliveries {
  readonly #byRequest = new Map<string, RunningDelivery>();
  readonly #byProcess = new Map<string, RunningDelivery>();
  readonly #counts = new Map<string, number>();

  begin(delivery: Delivery): RunningDelivery {
    const { mappingId, requestId } = delivery;
    const number = (this.#counts.get(mappingId) ?? 0) + 1;
    this.#counts.set(mappingId, number);
    const running: RunningDelivery = {
      delivery,
      label: `${mappingId} ${number}`,
      isDoomed: false,
      isKilled: false,
      requests: 0,
      writes: 0,
      crash: undefined,
    };
    this.#byRequest.set(requestId, running);
    return running;
  }

  dispatched({ processKey, crash }: DispatchedProcess, requestId: string): void {
    const running = this.#byRequest.get(requestId);
    if (running !== undefined) {
      running.crash = crash;
      this.#byProcess.set(processKey, running);
    }
  }

  ofProcess(processKey: string): RunningDelivery | undefined {
    return this.#byProcess.get(processKey);
  }

  end(running: RunningDelivery): void {
    this.#byRequest.delete(running.delivery.requestId);
    for (const [key, each] of this.#byProcess) {
      if (each === running) {
        this.#byProcess.delete(key);
      }
    }
  }
}
