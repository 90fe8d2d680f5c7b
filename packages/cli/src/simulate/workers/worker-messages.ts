import type { FaultKind, Violation } from '@oncefold/simulator';
import type { SimulationSource } from '../simulations/simulation-source.ts';

/** Consecutive seeds that a worker runs at once. */
export interface Slice {
  readonly source: SimulationSource;
  readonly faults: readonly FaultKind[] | undefined;
  readonly from: number;
  readonly count: number;
}

/** A seed whose history has violations. */
export interface ViolatingSeed {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

/** What histories have come to, of whatever number: its size is bounded. */
export interface Tally {
  readonly histories: number;
  /** Events of virtual time. */
  readonly events: number;
  readonly records: number;
  /** How often each fault was injected. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** In how many histories each thing was met. */
  readonly met: Readonly<Record<string, number>>;
  readonly violating: {
    readonly count: number;
    /** In how many histories each kind of violation was found. */
    readonly kinds: Readonly<Record<string, number>>;
    /** The lowest seeds, at most ten. */
    readonly first: readonly ViolatingSeed[];
  };
}

/** What a worker answers. */
export type WorkerAnswer =
  | { readonly code: 'ready' }
  | { readonly code: 'done'; readonly tally: Tally }
  /** A history could not be made or checked; `seed` if it is known which. */
  | { readonly code: 'failed'; readonly seed: number | undefined; readonly reason: string };
