import type { Figure, Goal } from '../figure.ts';

/** A figure for tests of what is made of measurements; it cannot be measured. */
export function anyFigure(goal: Goal, name = 'commit'): Figure {
  return {
    name,
    title: `the ${name}`,
    reference: 'a bare call',
    unit: 'ms',
    goal,
    measure: () => Promise.reject(new Error('is not measured here')),
  };
}
