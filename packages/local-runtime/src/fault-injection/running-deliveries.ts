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

/** Knows which process has which delivery. */
export interface RunningDeliveries {
  begin(delivery: Delivery): RunningDelivery;
  dispatched(process: DispatchedProcess, requestId: string): void;
  ofProcess(processKey: string): RunningDelivery | undefined;
  end(running: RunningDelivery): void;
}

export function createRunningDeliveries(): RunningDeliveries {
  const byRequest = new Map<string, RunningDelivery>();
  const byProcess = new Map<string, RunningDelivery>();
  const counts = new Map<string, number>();
  return {
    begin(delivery) {
      const { mappingId, requestId } = delivery;
      const number = (counts.get(mappingId) ?? 0) + 1;
      counts.set(mappingId, number);
      const running: RunningDelivery = {
        delivery,
        label: `${mappingId} ${number}`,
        isDoomed: false,
        isKilled: false,
        requests: 0,
        writes: 0,
        crash: undefined,
      };
      byRequest.set(requestId, running);
      return running;
    },
    dispatched({ processKey, crash }, requestId) {
      const running = byRequest.get(requestId);
      if (running !== undefined) {
        running.crash = crash;
        byProcess.set(processKey, running);
      }
    },
    ofProcess: (processKey) => byProcess.get(processKey),
    end(running) {
      byRequest.delete(running.delivery.requestId);
      for (const [key, each] of byProcess) {
        if (each === running) {
          byProcess.delete(key);
        }
      }
    },
  };
}
