/**
 * Percent-encoding of a chosen set of characters and of `%` itself, so that a text cannot contain any of the set.
 *
 * Every text has exactly one escaped form, and no two texts share one.
 */
export interface Escaping {
  /** Writes each character of the set, and `%`, as its UTF-8 bytes: `%` and two uppercase hexadecimal digits each. */
  readonly escape: (text: string) => string;
  /** Reads what `escape` wrote, and leaves everything else as it is. */
  readonly unescape: (text: string) => string;
  /** A pattern, for the flag `u`, that what `escape` writes of a text that is not empty matches whole, and nothing else. */
  readonly source: string;
}

/**
 * Prepares the escaping of a set of characters.
 *
 * @param characters - the characters of the set, in well-formed text; `%` is always one of them
 * @returns functions that share what was prepared
 */
export function createEscaping(characters: string): Escaping {
  const encoded = new Map([...`%${characters}`].map((character) => [character, percentEncode(character)]));
  const decoded = new Map([...encoded].map(([character, code]) => [code, character]));
  const set = patternOf([...encoded.keys()].join(''));
  const codes = [...encoded.values()].join('|');
  const anyOfSet = new RegExp(`[${set}]`, 'u');
  const everyOfSet = new RegExp(`[${set}]`, 'gu');
  const everyCode = new RegExp(codes, 'g');
  return {
    escape: (text) =>
      anyOfSet.test(text) ? text.replace(everyOfSet, (character) => encoded.get(character) as string) : text,
    unescape: (text) => text.replace(everyCode, (code) => decoded.get(code) as string),
    source: `(?:[^${set}]|${codes})+`,
  };
}

/** Leaves of a text what can separate parts of a key: all but ASCII letters and digits, which no version of Unicode changes. */
export function separatorsOf(text: string): string {
  return text.replace(/[A-Za-z0-9]+/g, '');
}

/** As `encodeURIComponent` does, which leaves some punctuation out. */
function percentEncode(character: string): string {
  const code = character.codePointAt(0) as number;
  return code < 0x80 ? `%${code.toString(16).toUpperCase().padStart(2, '0')}` : encodeURIComponent(character);
}

/** Writes a text as a pattern, for the flag `u`, in which no character has a meaning of its own. */
export function patternOf(text: string): string {
  return Array.from(text, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`).join(
    '',
  );
}
