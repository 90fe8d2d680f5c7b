/**
 * Counts the bytes that a text takes as UTF-8.
 *
 * Written out because the package uses nothing of the platform. A lone surrogate counts as the three bytes of its
 * replacement character.
 *
 * @returns bytes
 */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      continue;
    }
    if (unit < 0x800) {
      bytes += 1;
    } else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(index + 1))) {
      bytes += 2;
      index += 1;
    } else {
      bytes += 2;
    }
  }
  return bytes;
}

/** Decodes UTF-8, strictly: undefined when the bytes are not well-formed. The decoder of URIs is part of the language. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let encoded = '';
  for (const byte of bytes) {
    encoded += PERCENT_ENCODED[byte];
  }
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

const PERCENT_ENCODED: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `%${byte.toString(16).padStart(2, '0')}`,
);

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
