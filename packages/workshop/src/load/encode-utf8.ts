/**
 * Encodes text as UTF-8 without the platform's help, which a pure package does not have.
 *
 * @param text - well-formed text
 * @returns its bytes
 */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) {
      return encodeBeyondAscii(text);
    }
    bytes[index] = unit;
  }
  return bytes;
}

/** `encodeURIComponent` knows UTF-8; it is too slow for a whole load, whose messages are ASCII but for a few. */
function encodeBeyondAscii(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  const encoded = encodeURIComponent(text);
  for (let index = 0; index < encoded.length; index += 1) {
    if (encoded[index] === '%') {
      bytes.push(Number.parseInt(encoded.slice(index + 1, index + 3), 16));
      index += 2;
    } else {
      bytes.push(encoded.charCodeAt(index));
    }
  }
  return Uint8Array.from(bytes);
}
