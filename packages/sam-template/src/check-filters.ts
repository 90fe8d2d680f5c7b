import { checkFilterPattern } from '@oncefold/event-source-mapping';
import { TemplateError } from './template-error.ts';

/**
 * Checks the patterns of a mapping, so that a refused one is named by its place.
 *
 * @param where - place of the filters
 * @throws {@link TemplateError} when Lambda would refuse a pattern
 */
export function checkFilters(
  filters: readonly { readonly pattern: string }[],
  kind: Parameters<typeof checkFilterPattern>[1],
  where: string,
): void {
  for (const [index, { pattern }] of filters.entries()) {
    const problem = checkFilterPattern(pattern, kind);
    if (problem !== undefined) {
      throw new TemplateError(`${where}.${index}.Pattern`, `the pattern is refused: it ${problem}`);
    }
  }
}
