import type { EventArray, FoundValue, Place } from './event-fields.ts';
import type { FieldTest } from './field-test.ts';

/** A field of a pattern, by its index among all fields in the order of their names, and what it has to match. */
export interface Condition {
  readonly field: number;
  readonly test: FieldTest;
}

/** The element that is chosen of each array. */
type Choice = ReadonlyMap<EventArray, Place>;

const NOTHING_CHOSEN: Choice = new Map();

/**
 * Says whether an event with arrays matches: no two fields may match in different elements of one array.
 *
 * Fields are taken in the order of their names. A value that matches chooses the elements that it is in, and fields that follow see
 * the values of chosen elements only: they are absent where none of those is theirs. A choice that failed is not made again, so that
 * the work grows with the number of values and not with their combinations.
 *
 * @param conditions - in the order of their fields' names
 * @param found - the values of each field in the order of the event
 * @see https://github.com/aws/event-ruler#json-array-matching
 */
export function matchesConsistently(
  conditions: readonly Condition[],
  found: readonly (readonly FoundValue[])[],
): boolean {
  const failed = new Set<string>();
  return matchesFrom(0, NOTHING_CHOSEN);

  function matchesFrom(index: number, before: Choice): boolean {
    const condition = conditions[index];
    if (condition === undefined) {
      return true;
    }
    const { field, test } = condition;
    const chosen = new Map([...before].filter(([array]) => array.lastField >= field));
    const choice = `${field} ${[...chosen.values()].map((place) => `${place.array.id}:${place.index}`).join()}`;
    if (failed.has(choice)) {
      return false;
    }
    const values = visibleValues(found[field] as readonly FoundValue[], chosen);
    const doesMatch =
      values.length === 0
        ? test.matchesAbsence && matchesFrom(index + 1, chosen)
        : matchingPlaces(values, test).some((place) => matchesFrom(index + 1, withPlace(chosen, place)));
    if (!doesMatch) {
      failed.add(choice);
    }
    return doesMatch;
  }
}

/** The values that are not in another element of an array than the chosen one. */
function visibleValues(values: readonly FoundValue[], chosen: Choice): readonly FoundValue[] {
  const first = values[0]?.position ?? 0;
  const last = values.at(-1)?.position ?? 0;
  let from = 0;
  let to = values.length;
  for (const { array, start, end } of chosen.values()) {
    // Where all values are in the array, those of the chosen element are one part of the list.
    if (array.start <= first && last < array.end) {
      from = Math.max(from, indexFrom(values, start));
      to = Math.min(to, indexFrom(values, end));
    }
  }
  return values.slice(from, to).filter(({ place }) => isConsistent(place, chosen));
}

/** Index of the first value that is at the position or behind it. */
function indexFrom(values: readonly FoundValue[], position: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as FoundValue).position < position) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function isConsistent(place: Place | undefined, chosen: Choice): boolean {
  for (let around = place; around !== undefined; around = around.outer) {
    if ((chosen.get(around.array) ?? around) !== around) {
      return false;
    }
  }
  return true;
}

/** Where the values are that match, each place once: what else is there makes no difference. */
function matchingPlaces(values: readonly FoundValue[], test: FieldTest): (Place | undefined)[] {
  const matching = values.filter(({ value }) => test.matchesValue(value));
  return [...new Set(matching.map(({ place }) => place))];
}

function withPlace(chosen: Choice, place: Place | undefined): Choice {
  const extended = new Map(chosen);
  for (let around = place; around !== undefined; around = around.outer) {
    extended.set(around.array, around);
  }
  return extended;
}
