export interface Indent {
  readonly first: string;
  readonly rest: string;
}

/** Wraps one paragraph between words; a word that is too long has a line of its own. */
export function wrapText(text: string, columns: number, indent: Indent = { first: '', rest: '' }): string {
  const lines: string[] = [];
  let line = indent.first;
  let isEmpty = true;
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const longer = isEmpty ? `${line}${word}` : `${line} ${word}`;
    if (!isEmpty && longer.length > columns) {
      lines.push(line);
      line = `${indent.rest}${word}`;
    } else {
      line = longer;
    }
    isEmpty = false;
  }
  return [...lines, line].join('\n');
}
