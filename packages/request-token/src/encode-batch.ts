import { utf8ToBytes } from '#sha256';

/** Name and version of the encoding. Another encoding needs another name, and breaks every token in flight. */
const FORMAT = 'oncefold.request-token.v2';

/** A number is written as four bytes, most significant first. */
const BYTES_PER_NUMBER = 4;

/**
 * Encodes a batch so that two different batches never have the same bytes.
 *
 * The name of the format, the number of keys as four bytes, most significant first, and each key; each text is its
 * UTF-8 bytes behind their number, again as four bytes. Texts must be well-formed, because UTF-8 has the same
 * replacement character for all lone surrogates.
 *
 * @param keys - the keys of the records' identities in canonical order
 * @returns the bytes to be hashed
 */
export function encodeBatch(keys: readonly string[]): Uint8Array {
  const format = utf8ToBytes(FORMAT);
  const texts = keys.map(utf8ToBytes);
  const length = texts.reduce((sum, text) => sum + BYTES_PER_NUMBER + text.length, 0);
  const bytes = new Uint8Array(BYTES_PER_NUMBER + format.length + BYTES_PER_NUMBER + length);
  let offset = writeNumber(bytes, writeText(bytes, 0, format), keys.length);
  for (const text of texts) {
    offset = writeText(bytes, offset, text);
  }
  return bytes;
}

/** Returns the offset after what was written, as the next function does. */
function writeText(bytes: Uint8Array, offset: number, text: Uint8Array): number {
  const start = writeNumber(bytes, offset, text.length);
  bytes.set(text, start);
  return start + text.length;
}

function writeNumber(bytes: Uint8Array, offset: number, value: number): number {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
  return offset + BYTES_PER_NUMBER;
}
