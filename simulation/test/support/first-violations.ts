import { createTurn, runSeeds, type SeedOptions, type Simulation, type Violation } from '@oncefold/simulator';

/** Runs seeds until one violates; what is wrong with that one. */
export async function firstViolations(
  simulation: Simulation,
  seeds: Pick<SeedOptions, 'from' | 'count' | 'faults'>,
): Promise<readonly Violation[]> {
  const { violating } = await runSeeds(simulation, {
    ...seeds,
    turn: createTurn(),
    onHistory: ({ violations }) => violations.length === 0,
  });
  return violating[0]?.violations ?? [];
}
