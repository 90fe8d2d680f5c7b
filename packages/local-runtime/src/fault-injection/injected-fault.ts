import type { FaultKind } from './fault-settings.ts';

/** One fault that was injected. */
export interface InjectedFault {
  readonly kind: FaultKind;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Logical id of the function that it struck. */
  readonly functionId: string;
  /** Logical id of the mapping whose batch the function had; a second poller's ends in `-2`. */
  readonly mappingId: string;
  readonly batch: InjectedFaultBatch;
  /** The operation that it struck, where it struck a request: such as `TransactWriteItems`. */
  readonly operation?: string;
}

/** The batch that a fault struck. */
export interface InjectedFaultBatch {
  readonly shardId: string;
  readonly firstSequenceNumber: string;
  readonly lastSequenceNumber: string;
  readonly records: number;
  /** Which attempt at this batch it was, from 1. */
  readonly attempt: number;
}

/** Everything that was injected. */
export interface InjectedFaults {
  readonly seed: number;
  /** In order of time; at most 10,000 are kept. */
  readonly faults: readonly InjectedFault[];
  /** How often each kind struck, those that are not kept included. */
  readonly counts: Readonly<Partial<Record<FaultKind, number>>>;
}
