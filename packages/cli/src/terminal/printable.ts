/**
 * Makes text from outside safe for a terminal.
 *
 * Keys, ids and error messages may hold anything; a terminal must not take them for orders.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return `\\u{${codePoint.toString(16)}}`;
  });
}
