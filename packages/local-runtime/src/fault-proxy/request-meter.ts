import { type CapacityUnits, computedUnits, consumedUnits, isReplay } from './capacity-units.ts';
import type { EngineReply, ProxiedRequest } from './fault-plan.ts';

/** What went through the proxy so far. */
export interface RequestFigures {
  /** Requests that functions sent, whatever became of them. */
  readonly requests: number;
  readonly requestsByOperation: Readonly<Record<string, number>>;
  /** Transactions that the engine wrote; a repeated answer is none. */
  readonly commits: number;
  /** Units of requests that the engine answered with success, as it told them. */
  readonly unitsTold: CapacityUnits;
  /** The same, computed by DynamoDB's rules. */
  readonly unitsComputed: CapacityUnits;
}

/** Counts requests and their capacity. */
export interface RequestMeter {
  count(request: ProxiedRequest): void;
  measure(request: ProxiedRequest, reply: EngineReply): void;
  /** A copy that does not change any more. */
  figures(): RequestFigures;
}

/** Makes a meter that stands at zero. */
export function createRequestMeter(): RequestMeter {
  let requests = 0;
  let commits = 0;
  const byOperation = new Map<string, number>();
  const told = { read: 0, write: 0 };
  const computed = { read: 0, write: 0 };
  return {
    count: ({ operation }) => {
      requests += 1;
      byOperation.set(operation, (byOperation.get(operation) ?? 0) + 1);
    },
    measure: ({ operation, body }, reply) => {
      if (reply.status !== 200) {
        return;
      }
      add(told, consumedUnits(operation, reply.body));
      add(computed, computedUnits(operation, body, reply.body));
      if (operation === 'TransactWriteItems' && !isReplay(reply.body)) {
        commits += 1;
      }
    },
    figures: () => ({
      requests,
      requestsByOperation: Object.fromEntries(byOperation),
      commits,
      unitsTold: { ...told },
      unitsComputed: { ...computed },
    }),
  };
}

function add(sum: { read: number; write: number }, units: CapacityUnits): void {
  sum.read += units.read;
  sum.write += units.write;
}
