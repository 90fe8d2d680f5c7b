/**
 * Reads JSON with its numbers as Python has them, which is what SAM uses: the version 1.0 is not the number 1, and a
 * number that JavaScript cannot hold keeps its digits as text.
 *
 * @throws SyntaxError when the text is no JSON
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && Number.isInteger(value)
      ? wholeNumber(value, context?.source ?? String(value))
      : value,
  );
}

function wholeNumber(value: number, source: string): number | string {
  if (!Number.isSafeInteger(value)) {
    return source;
  }
  return /[.eE]/.test(source) ? `${Object.is(value, -0) ? '-0' : value}.0` : value;
}
