import type { FaultKind } from './fault-settings.ts';

export interface InjectedFault {
  readonly kind: FaultKind;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly functionId: string;
  /** Logical id of the mapping whose batch the function had; a second poller's ends in `-2`. */
  readonly mappingId: string;
  readonly batch: InjectedFaultBatch;
  /** Where it affected a request, the operation: such as `TransactWriteItems`. */
  readonly operation?: string;
}

export interface InjectedFaultBatch {
  readonly shardId: string;
  readonly firstSequenceNumber: string;
  readonly lastSequenceNumber: string;
  readonly records: number;
  /** Which attempt at this batch it was, from 1. */
  readonly attempt: number;
}

export interface InjectedFaults {
  readonly seed: number;
  /** In order of time; at most 10,000 are kept. */
  readonly faults: readonly InjectedFault[];
  readonly counts: Readonly<Partial<Record<FaultKind, number>>>;
}
