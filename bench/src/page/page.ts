import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../repository.ts';
import { goalText, measured } from '../results/describe-result.ts';
import type { Results } from '../results/kept-results.ts';
import type { FigureResult } from '../results/result-of.ts';
import { plotsOf, sectionsOf } from './sections/sections.ts';

const docs = join(repository, 'docs');
const pageFile = join(docs, 'performance.md');

/** Writes the tables into the page, and its plots. */
export async function writePage(results: Results): Promise<void> {
  const page = await readFile(pageFile, 'utf8');
  await writeFile(pageFile, withMeasured(page, results));
  for (const [name, svg] of Object.entries(plotsOf(results))) {
    await writeFile(join(docs, 'images', name), svg);
  }
}

/** The page with everything in it that comes from the results. */
export function withMeasured(page: string, results: Results): string {
  const parts = Object.entries({
    measured: tableOf(results),
    machine: machineOf(results),
    ...sectionsOf(results),
  });
  return parts.reduce((text, [name, part]) => withPart(text, name, part), page);
}

/** Puts a part between the two lines of the page that name it; what is between them is written by the benchmark alone. */
export function withPart(page: string, name: string, part: string): string {
  const [beginLine, endLine] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [begin, end] = [page.indexOf(beginLine), page.indexOf(endLine)];
  if (begin < 0 || end < begin) {
    throw new Error(`docs/performance.md lacks the lines ${beginLine} and ${endLine}`);
  }
  return `${page.slice(0, begin)}${beginLine}\n\n${part}\n\n${page.slice(end)}`;
}

/** What a reader has to know of the machine before comparing times with those of another. */
export function machineOf({ machine: { cores, cpuModel, memoryBytes, platform, node } }: Results): string {
  const gibibytes = Math.round(memoryBytes / 1024 ** 3);
  return `All figures are of one machine: ${cores} cores (${cpuModel}), ${gibibytes} GiB of memory, ${platform}, Node.js ${node}.`;
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
