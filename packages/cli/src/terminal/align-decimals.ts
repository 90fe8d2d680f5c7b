/** Writes decimals so that their points stand one below the other when they are set flush right. */
export function alignDecimals(texts: readonly string[]): readonly string[] {
  const width = Math.max(0, ...texts.map(fractionWidth));
  return texts.map((text) => text + ' '.repeat(width - fractionWidth(text)));
}

/** The point and what follows it. */
function fractionWidth(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point;
}
