import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeMachine } from '@oncefold/comparison/machine';
import { median } from '@oncefold/comparison/statistics';
import type { Figure, Goal, Measurement } from './figure.ts';

const folder = join(import.meta.dirname, '..');
/** Where the results of all runs are kept. */
const resultsFile: string = join(folder, 'results.json');

/** What lay on the cores beside the measurement. */
export type Conditions = 'quiet' | 'busy';

/** Smallest, middle and largest of the rounds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** A figure as it was measured. */
export interface FigureResult {
  readonly name: string;
  readonly title: string;
  readonly reference: string;
  readonly unit: string;
  readonly goal: Goal;
  readonly rounds: number;
  readonly quick: boolean;
  readonly measuredAt: string;
  readonly subject: Spread;
  readonly ofReference: Spread;
  readonly ratio: Spread;
  /** Subject less reference, in the unit. */
  readonly difference: Spread;
  readonly isMet: boolean;
  readonly details?: unknown;
}

/** Everything that was measured on one machine. */
export interface Results {
  readonly machine: ReturnType<typeof describeMachine> & { readonly node: string };
  readonly conditions: Readonly<Partial<Record<Conditions, readonly FigureResult[]>>>;
}

/** Sums up the rounds of a figure and judges their median by its goal. */
export function resultOf(figure: Figure, { pairs, details }: Measurement, quick: boolean): FigureResult {
  const { name, title, reference, unit, goal } = figure;
  const spreads = {
    subject: spreadOf(pairs.map((pair) => pair.subject)),
    ratio: spreadOf(pairs.map((pair) => pair.subject / pair.reference)),
    difference: spreadOf(pairs.map((pair) => pair.subject - pair.reference)),
  };
  return {
    name,
    title,
    reference,
    unit,
    goal,
    rounds: pairs.length,
    quick,
    measuredAt: new Date().toISOString(),
    ...spreads,
    ofReference: spreadOf(pairs.map((pair) => pair.reference)),
    isMet: spreads[goal.of].median <= goal.max,
    ...(details !== undefined && { details }),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const round = (value: number) => Number(value.toPrecision(4));
  return { min: round(Math.min(...values)), median: round(median(values)), max: round(Math.max(...values)) };
}

/** Reads what was measured before, on whatever machine. */
export async function keptResults(): Promise<Results> {
  if (!existsSync(resultsFile)) {
    return { machine: { ...describeMachine(), node: process.versions.node }, conditions: {} };
  }
  return JSON.parse(await readFile(resultsFile, 'utf8'));
}

/** Reads what was measured before on a machine of the same kind; results of another machine are not mixed with this one's. */
export async function readResults(): Promise<Results> {
  const machine = { ...describeMachine(), node: process.versions.node };
  const before = await keptResults();
  const isSame = before.machine.cpuModel === machine.cpuModel && before.machine.cores === machine.cores;
  return { machine, conditions: isSame ? before.conditions : {} };
}

/** Puts a result in the place of the one that the figure had, or behind the others. */
export async function keepResult(conditions: Conditions, result: FigureResult): Promise<void> {
  const before = await readResults();
  const kept = [...(before.conditions[conditions] ?? [])];
  const place = kept.findIndex(({ name }) => name === result.name);
  kept.splice(place < 0 ? kept.length : place, place < 0 ? 0 : 1, result);
  const results: Results = { ...before, conditions: { ...before.conditions, [conditions]: kept } };
  await writeFile(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
}
