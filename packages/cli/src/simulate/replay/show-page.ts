import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CouldNotRunError } from '../../command-line/could-not-run-error.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import type { SimulateOptions } from '../simulate-options.ts';
import { openInBrowser } from './open-in-browser.ts';

/**
 * Writes the timeline page of a history, and opens it, as far as the options ask for it.
 *
 * @returns where the page is; nothing if none was asked for
 * @throws {@link CouldNotRunError} when the file cannot be written
 */
export async function showPage(
  page: () => string,
  { open, output }: Pick<SimulateOptions, 'open' | 'output'>,
  terminal: Terminal,
): Promise<string | undefined> {
  if (!open && output === undefined) {
    return undefined;
  }
  const file = resolve(output ?? join(await mkdtemp(join(tmpdir(), 'oncefold-')), 'timeline.html'));
  try {
    await writeFile(file, page());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CouldNotRunError(`the page cannot be written: ${reason}`, { cause });
  }
  const isOpened = open && (await openInBrowser(file));
  terminal.note(isOpened || !open ? `wrote ${file}` : `wrote ${file}; open it in a browser`);
  return file;
}
