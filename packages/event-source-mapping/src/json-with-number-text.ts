/** A JSON number as it was written, because filters compare numbers by their text: 300 is not 300.0. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** `source` is there for numbers, text and words, and nothing else asks for it. */
type Reviver = (key: string, value: unknown, context: { readonly source: string }) => unknown;

/** Typed here because the library's types do not know the reviver's third argument yet. */
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

export function parseWithNumberText(text: string): unknown {
  return parse(text, (_key, value, context) =>
    typeof value === 'number' ? new NumberText(context.source) : value,
  );
}
