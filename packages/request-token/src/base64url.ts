const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Writes bytes in the base64url alphabet of RFC 4648, section 5, without padding.
 *
 * @param bytes - any number of bytes
 * @returns four characters for each three bytes, and two or three for what is left of them
 */
export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(index, index + 3);
    const group = (first << 16) | (second << 8) | third;
    for (const shift of [18, 12, 6, 0]) {
      text += ALPHABET.charAt((group >> shift) & 63);
    }
  }
  return text.slice(0, Math.ceil((bytes.length * 4) / 3));
}
