import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FigureResult, Results } from './results.ts';
import { goalText, measured } from './view.ts';

const pageFile = join(import.meta.dirname, '..', '..', 'docs', 'performance.md');
/** What is between these lines is written by the benchmark. */
const BEGIN = '<!-- measured: begin -->';
const END = '<!-- measured: end -->';

/** Writes the table of all figures into the page. */
export async function writePage(results: Results): Promise<void> {
  const page = await readFile(pageFile, 'utf8');
  await writeFile(pageFile, withTable(page, tableOf(results)));
}

/** Puts a table between the two lines of a page. */
export function withTable(page: string, table: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) {
    throw new Error(`docs/performance.md lacks the lines ${BEGIN} and ${END}`);
  }
  return `${page.slice(0, begin)}${BEGIN}\n\n${table}\n\n${page.slice(end)}`;
}

/** A row for each figure: quiet, with other work, and its goal. */
export function tableOf({ conditions: { quiet = [], busy = [] } }: Results): string {
  const names = [...new Set([...quiet, ...busy].map(({ name }) => name))];
  const rows = names.map((name) => rowOf(find(quiet, name), find(busy, name)));
  return [
    '| What | Against, in the same run | Goal: at most | Quiet | With other work on every core |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function find(results: readonly FigureResult[], name: string): FigureResult | undefined {
  return results.find((result) => result.name === name);
}

function rowOf(quiet: FigureResult | undefined, busy: FigureResult | undefined): string {
  const any = quiet ?? busy;
  if (any === undefined) {
    throw new Error('invariant: a name is of some result');
  }
  const cell = (result: FigureResult | undefined) =>
    result === undefined ? 'not measured' : `${measured(result)}${result.isMet ? '' : ', **missed**'}`;
  return `| ${[any.title, any.reference, goalText(any), cell(quiet), cell(busy)].join(' | ')} |`;
}
