import type { InvokeCommand } from '@oncefold/event-source-mapping';
import type { InvocationResult } from '../functions/invocation.ts';

/** Faults of a mapping: what an event source mapping may do at any time, done on purpose. */
export interface DeliveryFaults {
  /** Begins a delivery; call what it returns with the invocation's result, once. */
  begin(delivery: Delivery): (result: InvocationResult) => DeliveryEnd;
}

/** A batch that a mapping delivers to its function. */
export interface Delivery {
  readonly functionId: string;
  readonly mappingId: string;
  readonly requestId: string;
  readonly command: InvokeCommand;
}

/** The result that the mapping sees, and how its records are delivered again. */
export interface DeliveryEnd {
  readonly result: InvocationResult;
  /** The batch is redelivered at once although it succeeded. */
  readonly isRedelivered: boolean;
  /** The records are redelivered in other batches. */
  readonly isRegrouped: boolean;
  /** The batch is redelivered after so many milliseconds, beside whatever runs then. */
  readonly lateRetryAfterMs: number | undefined;
}

/** Ends the id of a mapping's second poller. */
export const SECOND_POLLER_SUFFIX = '-2';
