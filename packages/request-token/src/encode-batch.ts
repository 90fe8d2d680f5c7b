import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Name and version of the encoding. Another encoding needs another name, and breaks every token in flight. */
const FORMAT = 'oncefold.request-token.v2';

/**
 * Encodes a batch so that two different batches never have the same bytes.
 *
 * The name of the format, the number of keys as four bytes, most significant first, and each key; each text is its
 * UTF-8 bytes behind their number, again as four bytes. Texts must be well-formed, because UTF-8 has the same
 * replacement character for all lone surrogates.
 *
 * @param keys - The keys of the records' identities in canonical order.
 * @returns The bytes to be hashed.
 */
export function encodeBatch(keys: readonly string[]): Uint8Array {
  const parts = [...encodeText(FORMAT), encodeNumber(keys.length)];
  for (const key of keys) {
    parts.push(...encodeText(key));
  }
  return join(parts);
}

function encodeText(text: string): [Uint8Array, Uint8Array] {
  const bytes = utf8ToBytes(text);
  return [encodeNumber(bytes.length), bytes];
}

function encodeNumber(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** The library's own function takes the parts as arguments, and twenty thousand are many for one call. */
function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
