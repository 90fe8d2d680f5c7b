import { type CapacityUnits, computedUnits, consumedUnits, isReplay } from './capacity-units.ts';
import type { EngineReply, ProxiedRequest } from './fault-plan.ts';

export interface RequestFigures {
  readonly requests: number;
  readonly requestsByOperation: Readonly<Record<string, number>>;
  /** Transactions that the engine wrote; a repeated answer is none. */
  readonly commits: number;
  /** Units of requests that the engine answered with success, as it reported them. */
  readonly unitsReported: CapacityUnits;
  /** The same, computed by DynamoDB's rules. */
  readonly unitsComputed: CapacityUnits;
}

export class RequestMeter {
  #requests = 0;
  #commits = 0;
  readonly #byOperation = new Map<string, number>();
  readonly #reported = { read: 0, write: 0 };
  readonly #computed = { read: 0, write: 0 };

  count({ operation }: ProxiedRequest): void {
    this.#requests += 1;
    this.#byOperation.set(operation, (this.#byOperation.get(operation) ?? 0) + 1);
  }

  measure({ operation, body }: ProxiedRequest, reply: EngineReply): void {
    if (reply.status !== 200) {
      return;
    }
    add(this.#reported, consumedUnits(operation, reply.body));
    add(this.#computed, computedUnits(operation, body, reply.body));
    if (operation === 'TransactWriteItems' && !isReplay(reply.body)) {
      this.#commits += 1;
    }
  }

  /** A copy that does not change any more. */
  figures(): RequestFigures {
    return {
      requests: this.#requests,
      requestsByOperation: Object.fromEntries(this.#byOperation),
      commits: this.#commits,
      unitsReported: { ...this.#reported },
      unitsComputed: { ...this.#computed },
    };
  }
}

function add(sum: { read: number; write: number }, units: CapacityUnits): void {
  sum.read += units.read;
  sum.write += units.write;
}
