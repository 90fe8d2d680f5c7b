/**
 * What becomes of a part of a template.
 *
 * - `run`: it works as on AWS.
 * - `recorded`: it is kept and shown, and has no counterpart that works.
 * - `refused`: it does not exist here; each use is reported by name and place.
 * - `ignored`: it has no meaning where everything is local and ends with the command; it is counted.
 */
export type Treatment = 'run' | 'recorded' | 'refused' | 'ignored';

/** What becomes of a property: of the whole, or of each property that it holds. A list's elements count as one. */
export type PropertySupport = Treatment | PropertySupports;

/** Properties by name. What is not among them is no property. */
export interface PropertySupports {
  readonly [name: string]: PropertySupport;
}

/** Gives several properties one treatment. */
export function each<const Name extends string>(
  treatment: Treatment,
  ...names: readonly Name[]
): Readonly<Record<Name, Treatment>> {
  return Object.fromEntries(names.map((name) => [name, treatment])) as Record<Name, Treatment>;
}
