import type { Mutant } from './check-survivors.ts';

/** How much of longer code is enough to know it by. */
const TEXT_LENGTH_MAX = 120;

interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** What Stryker says of a mutant. */
interface Result {
  readonly mutatorName: string;
  readonly replacement?: string | undefined;
  /** The end is behind the last changed character. */
  readonly location: { readonly start: Place; readonly end: Place };
}

/**
 * Names a mutant by the text that it changes.
 *
 * @param result - its place and the code that takes the place of the original
 * @param source - the file that it changes, by its path below the package's `src`
 */
export function describeMutant(
  { mutatorName, replacement = '', location: { start, end } }: Result,
  { file, text }: { readonly file: string; readonly text: string },
): Mutant {
  const lines = text.split('\n');
  const changed = lines.slice(start.line - 1, end.line);
  changed.push((changed.pop() ?? '').slice(0, end.column - 1));
  changed.unshift((changed.shift() ?? '').slice(start.column - 1));
  return {
    file,
    mutator: mutatorName,
    line: (lines[start.line - 1] ?? '').trim(),
    original: onOneLine(changed.join('\n')),
    replacement: onOneLine(replacement),
  };
}

function onOneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= TEXT_LENGTH_MAX ? line : `${line.slice(0, TEXT_LENGTH_MAX)}…`;
}
