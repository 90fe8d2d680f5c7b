import Table from 'cli-table3';

/** A column of {@link formatTable}. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Draws a table of text without any control character of its own. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: columns.map((column) => column.title),
    colAligns: columns.map((column) => column.align),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
