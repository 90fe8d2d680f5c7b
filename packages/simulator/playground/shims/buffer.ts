const encoder = new TextEncoder();

/**
 * Stands in for the global `Buffer` in a browser, with what `@oncefold/commit` uses of it: the length of a text in bytes, and
 * bytes in base64. The package `buffer` would be 60 kB for that.
 */
const buffer = {
  byteLength: (text: string): number => encoder.encode(text).length,
  from: (bytes: Uint8Array): { toString(encoding: 'base64'): string } => ({
    toString: () => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
  }),
};

export { buffer as Buffer };
