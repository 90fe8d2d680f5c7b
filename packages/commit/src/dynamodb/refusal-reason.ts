/** Longest reason, in UTF-16 code units. */
const REASON_LENGTH_MAX = 200;

/**
 * Where the messages of DynamoDB quote what was sent: `Value 'x' at 'y' failed…`, `numeric value: x`, and whatever is in
 * double quotes, brackets or braces.
 */
const QUOTES: readonly (readonly [RegExp, string])[] = [
  [/\bValues? .*(?= at ')/s, 'Value …'],
  [/(numeric value: ).*/s, '$1…'],
  [/".*"/s, '"…"'],
  [/\[.*\]/s, '[…]'],
  [/\{.*\}/s, '{…}'],
];

/**
 * Takes the reason from a message of DynamoDB, without what it quotes of a request: a runtime logs the message of an error, and not
 * its cause.
 *
 * @returns `: <reason>`, capped; nothing for no message
 */
export function reasonOf(message: string | undefined): string {
  if (message === undefined || message === '') {
    return '';
  }
  const reason = QUOTES.reduce((text, [quote, stead]) => text.replace(quote, stead), message);
  return `: ${reason.length > REASON_LENGTH_MAX ? `${reason.slice(0, REASON_LENGTH_MAX)}…` : reason}`;
}
