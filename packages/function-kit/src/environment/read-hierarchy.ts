import { type Hierarchy, HierarchyError } from '@oncefold/reducer';
import { createTradeHierarchy } from '@oncefold/trades';
import { type Environment, EnvironmentError } from './environment.ts';

/**
 * Reads the dimensions that trades are summed by, separated by commas.
 *
 * @throws {@link EnvironmentError} when the variable is missing or holds no 1 to 16 different names
 */
export function readHierarchy(environment: Environment, variable: string): Hierarchy {
  try {
    return createTradeHierarchy(environment.text(variable).split(','));
  } catch (error) {
    if (!(error instanceof HierarchyError)) {
      throw error;
    }
    throw new EnvironmentError(`${variable} must be 1 to 16 different names, separated by commas`, {
      cause: error,
    });
  }
}
