const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Encodes bytes as base64 text.
 *
 * For drivers that hand over bytes; one that has a native encoder hands over text and saves this.
 *
 * @param bytes - any bytes
 */
export function encodeBase64(bytes: Uint8Array): string {
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
  return bits === 0 ? text : text + symbol(group << (6 - bits)) + '='.repeat((6 - bits) / 2);
}

/**
 * Decodes base64 text.
 *
 * @returns the bytes, or undefined when the text is not base64
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const end = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  if (end % 4 === 1) {
    return undefined;
  }
  const bytes = new Uint8Array(Math.floor((end * 3) / 4));
  let group = 0;
  let bits = 0;
  let at = 0;
  for (let index = 0; index < end; index += 1) {
    const value = values[text.charCodeAt(index)];
    if (value === undefined || value === invalid) {
      return undefined;
    }
    group = ((group << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (group >> bits) & 0xff;
      at += 1;
    }
  }
  return bytes;
}

const invalid = 255;
const values = new Uint8Array(128).fill(invalid);
for (const [value, character] of [...alphabet].entries()) {
  values[character.charCodeAt(0)] = value;
}

function symbol(bits: number): string {
  return alphabet.charAt(bits & 0x3f);
}
