import type { InvokeCommand } from '@oncefold/event-source-mapping';
import type { InvocationResult } from '../functions/types.ts';

/** A batch that a mapping hands to its function. */
export interface Delivery {
  readonly functionId: string;
  readonly mappingId: string;
  readonly requestId: string;
  readonly command: InvokeCommand;
}

/** What the mapping is told of an invocation, and what befalls its batch. */
export interface DeliveryEnd {
  readonly result: InvocationResult;
  /** The batch comes again at once although it succeeded. */
  readonly isRedelivered: boolean;
  /** The records come again in other batches. */
  readonly isRegrouped: boolean;
  /** The batch comes again after so many milliseconds, beside whatever runs then. */
  readonly lateRetryAfterMs: number | undefined;
}

/** Faults of a mapping: what an event source mapping may do at any time, done on purpose. */
export interface DeliveryFaults {
  /** A batch is on its way to the function; call what it returns with the invocation's result, once. */
  begin(delivery: Delivery): (result: InvocationResult) => DeliveryEnd;
}
