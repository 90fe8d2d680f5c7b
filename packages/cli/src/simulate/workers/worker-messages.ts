import type { ExhaustReport, FaultKind, Violation } from '@oncefold/simulator';
import type { StrategyName } from '../simulations/simulation-names.ts';
import type { SimulationSource } from '../simulations/simulation-source.ts';

/** Histories of consecutive seeds. */
export interface SeedSlice {
  readonly kind: 'seeds';
  readonly source: SimulationSource;
  readonly faults: readonly FaultKind[] | undefined;
  readonly from: number;
  readonly count: number;
}

/** A part of all small worlds. */
export interface WorldSlice {
  readonly kind: 'worlds';
  readonly strategy: StrategyName;
  /** Worlds whose number is `index` modulo `count`. */
  readonly part: { readonly index: number; readonly count: number };
}

/** What a worker does at once. */
export type Slice = SeedSlice | WorldSlice;

/** What a slice comes to. */
export type ResultOf<Work extends Slice> = Work extends SeedSlice ? Tally : ExhaustReport;

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
  | { readonly code: 'done'; readonly result: Tally | ExhaustReport }
  /** A history could not be made or checked; `seed` if it is known which. */
  | { readonly code: 'failed'; readonly seed: number | undefined; readonly reason: string };

/** Says which slice it is, so that it can be run again: completes "while it ran …". */
export function describeSlice(slice: Slice): string {
  if (slice.kind === 'worlds') {
    return `part ${slice.part.index + 1} of ${slice.part.count} of the small worlds with ${slice.strategy}`;
  }
  const { from, count, source } = slice;
  return `seeds ${from} to ${from + count - 1}${strategyOf(source)}`;
}

/** Completes the name of a seed: ` with none`; nothing where there is no strategy. */
export function strategyOf(source: SimulationSource): string {
  return source.kind === 'stage' && source.strategy !== undefined ? ` with ${source.strategy}` : '';
}
