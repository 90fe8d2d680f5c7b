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

/**
 * Decodes UTF-8, strictly.
 *
 * @returns the text, or undefined when the bytes are not well-formed UTF-8
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const parts: string[] = [];
  let codes: number[] = [];
  let index = 0;
  while (index < bytes.length) {
    const first = bytes[index] ?? 0;
    const length =
      first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length === 0 || index + length > bytes.length) {
      return undefined;
    }
    let code = length === 1 ? first : first & (0x7f >> length);
    for (let offset = 1; offset < length; offset += 1) {
      const next = bytes[index + offset] ?? 0;
      if ((next & 0xc0) !== 0x80) {
        return undefined;
      }
      code = (code << 6) | (next & 0x3f);
    }
    if (isForbidden(code, length)) {
      return undefined;
    }
    codes.push(code);
    index += length;
    // One call per piece: the argument list of fromCodePoint is limited.
    if (codes.length === 4096) {
      parts.push(String.fromCodePoint(...codes));
      codes = [];
    }
  }
  parts.push(String.fromCodePoint(...codes));
  return parts.join('');
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** Overlong forms, surrogates and numbers beyond Unicode. */
function isForbidden(code: number, length: number): boolean {
  return (
    (length === 3 && code < 0x800) ||
    (length === 4 && (code < 0x10000 || code > 0x10ffff)) ||
    (code >= 0xd800 && code < 0xe000)
  );
}
