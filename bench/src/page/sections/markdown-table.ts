/** A table as Markdown has it. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** With commas between thousands, and no more digits after the point than given. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** So many digits that count, for what spans powers of ten. */
export function rounded(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 2 });
}
