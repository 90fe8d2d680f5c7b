/** Java's classes of ASCII characters, for use inside brackets. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['Lower', 'a-z'],
  ['Upper', 'A-Z'],
  ['Alpha', 'a-zA-Z'],
  ['Digit', '0-9'],
  ['Alnum', 'a-zA-Z0-9'],
  ['XDigit', '0-9a-fA-F'],
  ['Punct', '!-\\/:-@\\[-`{-~'],
  ['Graph', '!-~'],
  ['Print', ' -~'],
  ['Blank', ' \\t'],
  ['Cntrl', '\\x00-\\x1f\\x7f'],
  ['Space', '\\s'],
  ['ASCII', '\\x00-\\x7f'],
]);

/** Escapes that mean the same in Java and in JavaScript without Unicode, which takes any other for the letter itself. */
const SHARED_ESCAPES = /^(?:[^\\]|\\[^A-Za-z0-9]|\\[dDwWsSbBnrtfvx])*$/;

/** A class within a class, which only Java has. */
const NESTED_CLASS = /\[(?:[^\]\\]|\\[\s\S])*\[/;

/**
 * Reads the `AllowedPattern` of a parameter, which the whole value must match.
 *
 * CloudFormation's patterns are Java's: they may have a backslash before any sign, a hyphen beside a class, and classes such as
 * `\p{Print}`.
 *
 * @returns undefined for what JavaScript does not have, such as flags in the pattern
 */
export function compilePattern(pattern: string): RegExp | undefined {
  const translated = withClasses(pattern);
  const whole = `^(?:${translated})$`;
  const isShared = SHARED_ESCAPES.test(translated) && !NESTED_CLASS.test(translated);
  return compile(whole, 'u') ?? (isShared ? compile(whole, '') : undefined);
}

function compile(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

function withClasses(pattern: string): string {
  let isInBrackets = false;
  return pattern.replace(/\\p\{(\w+)\}|\\[\s\S]|[[\]]/gu, (token, name: string | undefined) => {
    if (token === '[' || token === ']') {
      isInBrackets = token === '[';
    }
    const members = CLASSES.get(name ?? '');
    if (members === undefined) {
      return token;
    }
    return isInBrackets ? members : `[${members}]`;
  });
}
