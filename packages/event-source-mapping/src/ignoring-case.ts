/**
 * The source of a regular expression for a text in upper and lower case.
 *
 * Filters take each UTF-16 code unit of the pattern by itself, in its lower case or in its upper case, which may be several letters:
 * `ß` matches `ß` and `SS`, not `ss`. Half of a surrogate pair has no UTF-8 and becomes a question mark, so that an emoji in the
 * pattern never matches itself.
 */
export function ignoringCase(text: string): string {
  return text
    .split('')
    .map((unit) => {
      const lower = toUtf8(unit.toLowerCase());
      const upper = toUtf8(unit.toUpperCase());
      return lower === upper ? escaped(lower) : `(?:${escaped(lower)}|${escaped(upper)})`;
    })
    .join('');
}

function toUtf8(text: string): string {
  return text.isWellFormed() ? text : '?';
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
