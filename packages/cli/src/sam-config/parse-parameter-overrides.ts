const KEY = '"?([A-Za-z0-9]+)"?';
const VALUE = String.raw`("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:\\.|[^\s\\])*)`;
const PAIR = new RegExp(
  String.raw`\s*(?:ParameterKey=${KEY},ParameterValue=${VALUE}|${KEY}=${VALUE})(?=\s|$)`,
  'suy',
);

/**
 * Reads values of parameters from text, as the SAM CLI takes them in `samconfig.toml`: `Name=value` or
 * `ParameterKey=Name,ParameterValue=value`, with spaces between them and quotes around values that have spaces.
 *
 * @returns nothing when a part of the text has neither form
 */
export function parseParameterOverrides(text: string): Readonly<Record<string, string>> | undefined {
  const values: Record<string, string> = {};
  const trimmed = text.trim();
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < trimmed.length) {
    const [, longName, longValue, shortName, shortValue] = PAIR.exec(trimmed) ?? [];
    const name = longName ?? shortName;
    if (name === undefined) {
      return undefined;
    }
    values[name] = unquote(longValue ?? shortValue ?? '');
  }
  return values;
}

/** Quotes count around the whole value only; a backslash takes spaces and quotes as they are. */
function unquote(text: string): string {
  const inner = /^(["'])(.*)\1$/su.exec(text)?.[2] ?? text;
  return inner.replaceAll(/\\([ "'])/g, '$1');
}
