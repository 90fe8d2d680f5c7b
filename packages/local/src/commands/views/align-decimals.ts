/**
 * Writes decimals so that their points stand one below the other when they are set flush right.
 *
 * Zeros after the last digit change no value: `1.5` and `1.50` are the same number.
 *
 * @param texts - Decimals without exponent.
 * @returns The same decimals, each with as many digits after the point as the longest has.
 */
export function alignDecimals(texts: readonly string[]): readonly string[] {
  const digits = Math.max(0, ...texts.map((text) => fractionOf(text).length));
  if (digits === 0) return texts;
  return texts.map((text) => {
    const fraction = fractionOf(text);
    const whole = fraction === '' ? text : text.slice(0, -fraction.length - 1);
    return `${whole}.${fraction.padEnd(digits, '0')}`;
  });
}

function fractionOf(text: string): string {
  return text.split('.')[1] ?? '';
}
