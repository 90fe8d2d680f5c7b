/**
 * Measures every part of Oncefold against what one would use instead, in the same run.
 *
 *     npm run --silent bench                        everything; keeps the results and writes docs/performance.md
 *     npm run --silent bench -- --quick             in less than two minutes, and keeps nothing
 *     npm run --silent bench -- request-token       the figures whose names begin so
 *     npm run --silent bench -- --busy              with a process that computes on every core beside it
 *
 * It measures and does not judge: a goal that is missed is told, and the exit status is 0. It is 1 when a figure could not be measured
 * or there is none of a given name. Times are of this machine; ratios travel better.
 */

import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { guardedSpawn } from '@oncefold/engines';
import { Command } from 'commander';
import { chooseFigures } from './choose-figures.ts';
import type { Figure, Measurement } from './figure.ts';
import { figures } from './figures.ts';
import { startOtherWork } from './other-work.ts';
import { writePage } from './page/page.ts';
import { headline } from './results/describe-result.ts';
import { keepResult, readResults } from './results/kept-results.ts';
import { resultOf } from './results/result-of.ts';

/** How many of the last characters that a figure wrote are shown when it fails. */
const WARNINGS_MAX = 4_000;

const { chosen, quick, busy } = readCommandLine();
await measureAll(chosen);

function readCommandLine() {
  const nameLength = Math.max(...figures.map(({ name }) => name.length));
  const command = new Command('npm run --silent bench --')
    .description('Measures every part of Oncefold against what one would use instead, in the same run.')
    .argument('[figures...]', 'names of figures, or how they begin', [])
    .option('--quick', 'in less than two minutes, keeping nothing', false)
    .option('--busy', 'with a process that computes on every core beside it', false)
    .addHelpText(
      'after',
      `\nFigures:\n${figures.map(({ name, title }) => `  ${name.padEnd(nameLength)} ${title}`).join('\n')}`,
    )
    .parse();
  const { chosen, unknown } = chooseFigures(figures, command.args);
  if (unknown.length > 0) {
    command.error(`error: there is no figure ${unknown.join(', ')} (--help lists them)`);
  }
  return { chosen, ...command.opts<{ readonly quick: boolean; readonly busy: boolean }>() };
}

async function measureAll(chosen: readonly Figure[]): Promise<void> {
  const otherWork = busy ? await startOtherWork() : undefined;
  try {
    for (const figure of chosen) {
      await measureAndTell(figure);
    }
  } finally {
    await otherWork?.stop();
  }
  if (!quick) {
    await writePage(await readResults());
    console.log('kept in bench/results.json and on docs/performance.md');
  }
}

async function measureAndTell(figure: Figure): Promise<void> {
  if (quick && figure.fullOnly === true) {
    console.log(`${figure.name}: not in the quick form (${figure.title})`);
    return;
  }
  try {
    const result = resultOf(figure, await measure(figure), quick);
    console.log(headline(result));
    if (!quick) {
      // Each by itself: who stops the run keeps what was measured.
      await keepResult(busy ? 'busy' : 'quiet', result);
    }
  } catch (error) {
    console.error(`${figure.name}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
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
    stderr: 'pipe',
    hasExtraOutput: true,
  });
  const answer = measuring.extraOutput && text(measuring.extraOutput);
  // What is measured warns as it does anywhere, of conflicts, say: worth reading only where it fails.
  const warnings = measuring.stderr && text(measuring.stderr);
  const exit = await measuring.exited;
  if (exit.code !== 0) {
    throw new Error(
      `measuring ended with ${exit.code ?? exit.signal}\n${(await warnings)?.slice(-WARNINGS_MAX)}`,
    );
  }
  return JSON.parse((await answer) ?? '');
}
