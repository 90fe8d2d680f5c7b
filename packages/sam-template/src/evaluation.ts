import type { ResolverSources } from './resolver.ts';

/** One use of a function in a template. */
export interface Evaluation {
  /** Place of the value that the function is in. */
  readonly owner: string;
  /** What the function is given, unresolved. */
  readonly argument: unknown;
  readonly sources: ResolverSources;
  readonly resolve: (value: unknown) => unknown;
  readonly isMet: (condition: string) => boolean;
}
