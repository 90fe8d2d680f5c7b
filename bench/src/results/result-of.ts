import { median } from '@oncefold/comparison/statistics';
import type { Figure, Goal, Measurement } from '../figure.ts';

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
