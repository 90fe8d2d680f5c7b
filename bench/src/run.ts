/**
 * Measures every part of Oncefold against what one would use instead, in the same run.
 *
 *     npm run --silent bench                        everything; keeps the results and writes docs/performance.md
 *     npm run --silent bench -- --quick             in less than two minutes, and keeps nothing
 *     npm run --silent bench -- request-token       the figures whose names begin so
 *     npm run --silent bench -- --busy              with a process that computes on every core beside it
 *
 * It measures and does not judge: a goal that is missed is told, and the exit status is 0. A figure that cannot be measured ends it
 * with 1, after the others. Times are of this machine; ratios travel better.
 */

import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { guardedSpawn } from '@oncefold/engines';
import type { Figure, Measurement } from './figure.ts';
import { figures } from './figures.ts';
import { startOtherWork } from './other-work.ts';
import { writePage } from './page.ts';
import { type FigureResult, keepResults, readResults, resultOf } from './results.ts';
import { headline } from './view.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    busy: { type: 'boolean', default: false },
  },
});
const { quick, busy } = values;

const named = positionals.length === 0 ? figures : figures.filter(({ name }) => isNamed(name));
if (named.length === 0) {
  throw new Error(`There are the figures ${figures.map(({ name }) => name).join(', ')}.`);
}
const [left, chosen] = [named.filter(isLeftOut), named.filter((figure) => !isLeftOut(figure))];
const otherWork = busy ? await startOtherWork() : undefined;
const results: FigureResult[] = [];
try {
  for (const figure of chosen) {
    try {
      const result = resultOf(figure, await measure(figure), quick);
      results.push(result);
      console.log(headline(result));
    } catch (error) {
      console.error(`${figure.name}: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
} finally {
  await otherWork?.stop();
}
for (const { name, title } of left) {
  console.log(`${name}: not in the quick form (${title})`);
}
if (!quick) {
  await keepResults(busy ? 'busy' : 'quiet', results);
  await writePage(await readResults());
}

function isNamed(name: string): boolean {
  const isExact = (text: string) => figures.some((figure) => figure.name === text);
  return positionals.some((given) => (isExact(given) ? name === given : name.startsWith(given)));
}

function isLeftOut({ fullOnly = false }: Figure): boolean {
  return quick && fullOnly;
}

/** Measures in a process of its own, which ends with this one. */
async function measure({ name }: Figure): Promise<Measurement> {
  const measuring = await guardedSpawn({
    command: process.execPath,
    args: [
      '--expose-gc',
      fileURLToPath(new URL('measure-figure.ts', import.meta.url)),
      name,
      ...(quick ? ['--quick'] : []),
    ],
    stderr: 'inherit',
    hasExtraOutput: true,
  });
  const answer = measuring.extraOutput && text(measuring.extraOutput);
  const exit = await measuring.exited;
  if (exit.code !== 0) {
    throw new Error(`measuring ended with ${exit.code ?? exit.signal}`);
  }
  return JSON.parse((await answer) ?? '');
}
