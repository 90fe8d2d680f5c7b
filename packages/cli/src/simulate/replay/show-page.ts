import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { HistoryResult } from '@oncefold/simulator';
import { CouldNotRunError } from '../../command-line/could-not-run-error.ts';
import { openInBrowser } from '../../terminal/open-in-browser.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import type { SimulateOptions } from '../simulate-options.ts';
import type { SimulationSource } from '../simulations/simulation-source.ts';

/**
 * Writes the timeline page of a history, and opens it, as far as the options ask for it.
 *
 * @returns where the page is; nothing if none was asked for
 * @throws {@link CouldNotRunError} when the file cannot be written
 */
export async function showPage(
  page: () => Promise<string>,
  { open, output }: Pick<SimulateOptions, 'open' | 'output'>,
  terminal: Terminal,
): Promise<string | undefined> {
  if (!open && output === undefined) {
    return undefined;
  }
  const file = resolve(output ?? join(await mkdtemp(join(tmpdir(), 'oncefold-')), 'timeline.html'));
  const text = await page();
  try {
    await writeFile(file, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CouldNotRunError(`the page cannot be written: ${reason}`, { cause });
  }
  const isOpened = open && (await openInBrowser(file));
  terminal.note(isOpened || !open ? `wrote ${file}` : `wrote ${file}; open it in a browser`);
  return file;
}

/** The page of a history; the compiler of its script is loaded only when a page is wanted. */
export async function loadPage(source: SimulationSource, result: HistoryResult): Promise<string> {
  const { historyPage } = await import('../view/history-page.ts');
  return historyPage(source, result);
}
