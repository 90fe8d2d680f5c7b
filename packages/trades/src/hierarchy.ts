import { createHierarchy, type Hierarchy } from '@oncefold/reducer';

/** The row that counts applied messages; no node may have this name. */
export const MESSAGE_COUNT = 'message_count';

/** Names that no segment of a trade may have. */
const reservedNames: readonly string[] = [MESSAGE_COUNT];

/**
 * Makes the hierarchy that trades are summed by, in which no segment may be called {@link MESSAGE_COUNT}.
 *
 * @param dimensions - 1 to 16 different names, from the root down
 * @throws {@link HierarchyError} when there are too few or too many dimensions, or a name is unusable or given twice
 */
export function createTradeHierarchy(dimensions: readonly string[]): Hierarchy {
  return createHierarchy({ dimensions, reserved: reservedNames });
}
