import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Name and version of the encoding. Another encoding needs another name, and breaks every token in flight. */
const FORMAT = 'oncefold.request-token.v1';

/** What is encoded: checked, and with the record ids in their canonical order. */
export interface Batch {
  readonly namespace: string;
  readonly consumer: string;
  readonly recordIds: readonly string[];
}

/**
 * Encodes a batch so that two different batches never have the same bytes.
 *
 * Each text is its UTF-8 bytes behind their number as four bytes, most significant first: format name, namespace,
 * consumer; then the number of record ids, again as four bytes, and each id. Texts must be well-formed, because
 * UTF-8 has the same replacement character for all lone surrogates.
 *
 * @param batch - Checked texts, ids in canonical order.
 * @returns The bytes to be hashed.
 */
export function encodeBatch(batch: Batch): Uint8Array {
  const { namespace, consumer, recordIds } = batch;
  const parts = [...encodeText(FORMAT), ...encodeText(namespace), ...encodeText(consumer)];
  parts.push(encodeNumber(recordIds.length));
  for (const recordId of recordIds) {
    parts.push(...encodeText(recordId));
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
