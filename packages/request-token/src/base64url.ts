const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Writes bytes in the base64url alphabet of RFC 4648, section 5, without padding.
 *
 * @param bytes - any number of bytes
 * @returns four characters for each three bytes, and two or three for what is left of them
 */
export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  let group = 0;
  let bits = 0;
  for (const byte of bytes) {
    group = (group << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += symbol(group >> bits);
    }
  }
  return bits === 0 ? text : text + symbol(group << (6 - bits));
}

function symbol(bits: number): string {
  return ALPHABET.charAt(bits & 63);
}
