import { createTradeHierarchy } from '@oncefold/trades';
import { createWorkload, labDimensions, type Workload } from '@oncefold/workshop';

/** What the lab sums by, from the root down. */
export const dimensions: readonly string[] = labDimensions.map(({ name }) => name);

/** The hierarchy of the lab, as the functions read it from their variable. */
export const hierarchy: ReturnType<typeof createTradeHierarchy> = createTradeHierarchy(dimensions);

/** The values of a dimension: 2 risk types, 2 desks, 3 regions. */
export function valuesOf(dimension: 'RiskType' | 'TradeDesk' | 'Region'): readonly string[] {
  return labDimensions.find(({ name }) => name === dimension)?.values ?? [];
}

/** When the first trade of a load was made; the same for every run, so that a seed makes the same bytes each time. */
const START_MILLISECONDS = 1_763_884_800_000;

/** The calls of the lab's load, in the order in which they are sent. */
export function labCalls(load: { readonly messages: number; readonly seed: number }): Workload['calls'] {
  return createWorkload({ ...load, startMilliseconds: START_MILLISECONDS }).calls;
}
