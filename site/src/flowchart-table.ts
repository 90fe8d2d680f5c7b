/**
 * Shows a flowchart of Mermaid, which GitHub draws, as a table: who leads to whom.
 *
 * A library that draws it weighs more than the whole site, and on a phone no one could read the drawing.
 *
 * @param text - nodes as `name["label"]`, arrows as `name --> name`
 * @returns HTML
 */
export function flowchartTable(text: string): string {
  const nodes = [...text.matchAll(/^\s*([\w-]+)\["([^"]*)"\]$/gm)];
  const arrows = [...text.matchAll(/^\s*([\w-]+) --> ([\w-]+)$/gm)];
  const rows = nodes.map(([, name = '', label = '']) => {
    const targets = arrows.flatMap(([, from, to]) => (from === name ? [`<code>${to}</code>`] : []));
    return `<tr><td>${label.replaceAll('<br/>', ', ')}</td><td>${targets.join(' ') || '–'}</td></tr>`;
  });
  return `<table><thead><tr><th>From</th><th>To</th></tr></thead><tbody>${rows.join('')}</tbody></table>\n`;
}
