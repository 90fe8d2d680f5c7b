import { nearestName } from './nearest-name.ts';
import type { Treatment } from './support/property-support.ts';
import { TemplateError } from './template-error.ts';

/**
 * Checks the names in a map of the template's outline.
 *
 * @param note - told of a name that does not exist here, or is not known
 * @throws {@link TemplateError} when a name is nearly a known one
 */
export function checkNames(
  map: unknown,
  known: ReadonlyMap<string, Treatment>,
  place: string,
  note: (place: string, what: string) => void,
): void {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    return;
  }
  for (const name of Object.keys(map)) {
    const treatment = known.get(name);
    if (treatment === 'refused' || name === 'Fn::Transform') {
      note(place, `${name} is not emulated`);
    } else if (treatment === undefined) {
      const nearest = nearestName(name, [...known.keys()]);
      if (nearest !== undefined) {
        throw new TemplateError(`${place}.${name}`, `is not known; did you mean ${nearest}?`);
      }
      note(place, `${name} is not known`);
    }
  }
}
