import { createTradeHierarchy } from '@oncefold/trades';
import { labDimensions } from '@oncefold/workshop';

/** What the lab sums by, from the root down. */
export const dimensions: readonly string[] = labDimensions.map(({ name }) => name);

/** The hierarchy of the lab, as the functions read it from their variable. */
export const hierarchy: ReturnType<typeof createTradeHierarchy> = createTradeHierarchy(dimensions);

/** The values of a dimension: 2 risk types, 2 desks, 3 regions. */
export function valuesOf(dimension: 'RiskType' | 'TradeDesk' | 'Region'): readonly string[] {
  return labDimensions.find(({ name }) => name === dimension)?.values ?? [];
}
