import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeMachine } from '@oncefold/comparison/machine';
import { repository } from '../repository.ts';
import type { FigureResult } from './result-of.ts';

/** Where the results of all runs are kept. */
const resultsFile: string = join(repository, 'bench', 'results.json');

/** Whether the machine did nothing else, or other work ran on every core. */
export type Conditions = 'quiet' | 'busy';

/** Everything that was measured on one machine. */
export interface Results {
  readonly machine: ReturnType<typeof describeMachine> & { readonly node: string };
  readonly conditions: Readonly<Partial<Record<Conditions, readonly FigureResult[]>>>;
}

/** Reads what was measured before, on whatever machine. */
export async function keptResults(): Promise<Results> {
  if (!existsSync(resultsFile)) {
    return { machine: thisMachine(), conditions: {} };
  }
  return JSON.parse(await readFile(resultsFile, 'utf8'));
}

/** Reads what was measured before on a machine of the same kind. */
export async function readResults(): Promise<Results> {
  return onMachine(await keptResults(), thisMachine());
}

/** Puts a result in the place of the one that the figure had, or behind the others. */
export async function keepResult(conditions: Conditions, result: FigureResult): Promise<void> {
  const results = withResult(await readResults(), conditions, result);
  await writeFile(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
}

function thisMachine(): Results['machine'] {
  return { ...describeMachine(), node: process.versions.node };
}

/** The results if they are of such a machine, or none: those of different machines are not mixed. */
export function onMachine({ machine: before, conditions }: Results, machine: Results['machine']): Results {
  const isSame = before.cpuModel === machine.cpuModel && before.cores === machine.cores;
  return { machine, conditions: isSame ? conditions : {} };
}

/** The results with this one in the place of the one that the figure had, or behind the others. */
export function withResult(results: Results, conditions: Conditions, result: FigureResult): Results {
  const kept = [...(results.conditions[conditions] ?? [])];
  const place = kept.findIndex(({ name }) => name === result.name);
  kept.splice(place < 0 ? kept.length : place, place < 0 ? 0 : 1, result);
  return { ...results, conditions: { ...results.conditions, [conditions]: kept } };
}
