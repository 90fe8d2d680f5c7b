import { nameType } from './name-type.ts';

/**
 * Counts the bytes of a text in UTF-8.
 *
 * DynamoDB limits keys by UTF-8 bytes, and a pure package has no TextEncoder to ask. A lone surrogate counts
 * as the three bytes of the replacement character.
 *
 * @param text - any text
 * @returns the number of bytes, 0 or more
 * @throws {@link TypeError} when the text is no text, whose length would be NaN and pass any limit
 */
export function utf8Length(text: string): number {
  assertText(text);
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      continue;
    }
    bytes += unit < 0x800 ? 1 : 2;
    if (isSurrogatePair(unit, text.charCodeAt(index + 1))) {
      // Four bytes for two code units: the second unit is already counted as one byte, the pair needs two more.
      index += 1;
    }
  }
  return bytes;
}

/**
 * Says whether a text is longer than a number of UTF-8 bytes, in constant time for texts far beyond the limit.
 *
 * @param text - any text
 * @param bytesMax - the limit in bytes, inclusive
 * @returns true when the text needs more bytes than the limit
 */
export function isLongerThan(text: string, bytesMax: number): boolean {
  assertText(text);
  // No code unit takes more than three bytes, so nearly all texts need no counting.
  return text.length > bytesMax || (text.length * 3 > bytesMax && utf8Length(text) > bytesMax);
}

function assertText(text: unknown): asserts text is string {
  if (typeof text !== 'string') {
    throw new TypeError(`utf8Length needs a string, but got ${nameType(text)}.`);
  }
}

function isSurrogatePair(first: number, second: number): boolean {
  return first >= 0xd800 && first <= 0xdbff && second >= 0xdc00 && second <= 0xdfff;
}
