import { NumberText } from './json-with-number-text.ts';

/** An object of a pattern, with every field as it was written: in its order, and twice where it is there twice. */
export class PatternObject {
  readonly fields: readonly (readonly [name: string, value: unknown])[];

  constructor(fields: readonly (readonly [name: string, value: unknown])[]) {
    this.fields = fields;
  }
}

/** `source` is there for numbers, text and words, and nothing else asks for it. */
type Reviver = (key: string, value: unknown, context: { readonly source: string }) => unknown;

/** Typed here because the library's types do not know the reviver's third argument yet. */
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown;

/** A string of JSON, and the colon behind it where it names a field. */
const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/**
 * Parses a pattern: objects become {@link PatternObject}, numbers {@link NumberText}.
 *
 * Every field gets a number before its name while JSON.parse has it, which would otherwise keep only the last of those with one
 * name, and move names that are numbers to the front. Both decide what a pattern means.
 *
 * @throws {@link SyntaxError} when the text is not JSON
 */
export function parsePattern(text: string): unknown {
  parse(text);
  let count = 0;
  const numbered = text.replace(STRING, (string, colon) => {
    count += 1;
    return colon === undefined ? string : `"${count}:${string.slice(1)}`;
  });
  return parse(numbered, (_key, value, { source }) => {
    if (typeof value === 'number') {
      return new NumberText(source);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof NumberText) {
      return value;
    }
    return new PatternObject(
      Object.entries(value).map(([name, part]) => [name.slice(name.indexOf(':') + 1), part]),
    );
  });
}
