/** Decodes UTF-8, strictly: undefined when the bytes are not well-formed. The decoder of URIs is part of the language. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let encoded = '';
  for (const byte of bytes) {
    encoded += PERCENT_ENCODED[byte];
  }
  try {
    return decodeURIComponent(encoded);
  } catch {
    // Not well-formed.
  }
  return undefined;
}

const PERCENT_ENCODED: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `%${byte.toString(16).padStart(2, '0')}`,
);
