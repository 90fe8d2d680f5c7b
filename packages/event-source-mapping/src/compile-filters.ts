import { PatternError } from './pattern-error.ts';
import { SettingsError } from './settings-error.ts';
import type { FilterPattern } from './settings-types.ts';

/** Compiles the patterns of a mapping, so that a refused one is named by its place among the settings. */
export function compileFilters<Compiled>(
  filters: readonly FilterPattern[],
  compile: (pattern: string) => Compiled,
): Compiled[] {
  return filters.map(({ pattern }, index) => {
    try {
      return compile(pattern);
    } catch (error) {
      throw error instanceof PatternError
        ? new SettingsError(`filterCriteria.filters[${index}].pattern`, error.message)
        : error;
    }
  });
}
