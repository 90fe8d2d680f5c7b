/** A change of the code, named by what it changes and not by its line's number, so that it keeps its name when code above moves. */
export interface Mutant {
  /** Below the package's src. */
  readonly file: string;
  readonly mutator: string;
  /** The line on which the changed code begins. */
  readonly line: string;
  readonly original: string;
  readonly replacement: string;
}

/** A mutant that may survive. */
export interface Survivor extends Mutant {
  /** Why no test can notice it, or why none should. */
  readonly reason: string;
}

/**
 * Compares the mutants that survived with those that may.
 *
 * Mutants whose texts are equal cannot be distinguished: so many of them may survive as there are reasons.
 *
 * @returns mutants that survived without a reason, and reasons without a mutant that survived
 */
export function checkSurvivors(
  survived: readonly Mutant[],
  explained: readonly Survivor[],
): { readonly unexplained: readonly Mutant[]; readonly stale: readonly Survivor[] } {
  const open = new Map<string, Survivor[]>();
  for (const survivor of explained.filter(({ reason }) => reason.trim() !== '')) {
    const name = nameOf(survivor);
    open.set(name, [...(open.get(name) ?? []), survivor]);
  }
  const unexplained = survived.filter((mutant) => open.get(nameOf(mutant))?.pop() === undefined);
  return { unexplained, stale: [...open.values()].flat() };
}

function nameOf({ file, mutator, line, original, replacement }: Mutant): string {
  return JSON.stringify([file, mutator, line, original, replacement]);
}
