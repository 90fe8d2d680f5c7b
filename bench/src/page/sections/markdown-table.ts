/** Formats a table in Markdown. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** With commas between thousands, and at most so many digits after the point. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** With two significant digits, for values that span powers of ten. */
export function rounded(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 2 });
}
