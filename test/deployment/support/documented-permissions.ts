import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A permission as the runbook names it. */
export interface Permission {
  readonly action: string;
  /** What it is on, in the words of the table. */
  readonly on: string;
}

const runbook = join(import.meta.dirname, '..', '..', '..', 'docs', 'operations.md');

/**
 * Reads from the tables of docs/operations.md what a command needs.
 *
 * @param command - the title of its column
 */
export function readPermissions(command: string): readonly Permission[] {
  const rows = readFileSync(runbook, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .map((line) => (line.startsWith('|') ? line.slice(1, -1).split('|') : []))
    .map((cells) => cells.map((cell) => cell.trim()));
  const head = rows.findIndex((cells) => cells[0] === 'Actions' && cells.includes(command));
  const column = rows[head]?.indexOf(command) ?? -1;
  const body = rows.slice(head + 2);
  const permissions = body
    .slice(
      0,
      body.findIndex((cells) => cells.length === 0),
    )
    .filter((cells) => cells[column] !== '')
    .flatMap(([actions = '', on = '']) =>
      actions
        .split(', ')
        .flatMap((action) => on.split(', ').map((one) => ({ action: action.replaceAll('`', ''), on: one }))),
    );
  if (head < 0 || permissions.length === 0) {
    throw new Error(`docs/operations.md says nothing of what ${command} needs`);
  }
  return permissions;
}
