import { createHierarchy, type Hierarchy } from '@oncefold/reducer';

/** The row that counts applied messages; no node may be called so. */
export const MESSAGE_COUNT = 'message_count';

/**
 * Makes the hierarchy that trades are summed by.
 *
 * @param dimensions - 1 to 16 different names, from the root down
 * @returns the hierarchy, in which no segment may be called {@link MESSAGE_COUNT}
 * @throws {@link HierarchyError} when there are too few or too many dimensions, or a name is unusable or given twice
 */
export function createTradeHierarchy(dimensions: readonly string[]): Hierarchy {
  return createHierarchy({ dimensions, reserved: [MESSAGE_COUNT] });
}
