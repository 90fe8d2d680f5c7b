import { NumberText } from './json-with-number-text.ts';

/** The names of fields as a tree, so that one walk through an event finds the values of all. */
export interface FieldTree {
  /** Index of the field whose name ends here. */
  readonly field: number | undefined;
  /**
   * What a key of an event may be here. A name is the same whether its dots join keys or are part of one, so that `a.b` is also the
   * one key `a.b`.
   */
  readonly keys: readonly (readonly [key: string, tree: FieldTree])[];
}

/** An array of an event, and where its values are among all that were found. */
export interface EventArray {
  readonly id: number;
  readonly start: number;
  end: number;
  /** The last field, by its index, that has a value in here. */
  lastField: number;
}

/** An element of an array, and the element of the array around it. */
export interface Place {
  readonly array: EventArray;
  readonly index: number;
  readonly outer: Place | undefined;
  readonly start: number;
  end: number;
}

/** A value of a field, and the innermost array element that it is in. */
export interface FoundValue {
  readonly value: unknown;
  readonly place: Place | undefined;
  readonly position: number;
}

/** Stands for a field that an event does not have. */
export const ABSENT: unique symbol = Symbol('absent');

/** Lambda's parser refuses JSON that is nested deeper. */
const NESTING_MAX = 1_000;

/** Builds the tree of names that are joined by dots. */
export function createFieldTree(names: readonly string[]): FieldTree {
  return subtree(names.map((name, field) => ({ steps: name.split('.'), field })));
}

interface Remaining {
  readonly steps: readonly string[];
  readonly field: number;
}

function subtree(remaining: readonly Remaining[]): FieldTree {
  const children = new Map<string, Remaining[]>();
  for (const { steps, field } of remaining) {
    const [step, ...rest] = steps;
    if (step !== undefined) {
      children.set(step, [...(children.get(step) ?? []), { steps: rest, field }]);
    }
  }
  const keys = [...children].flatMap(([step, parts]): [string, FieldTree][] => {
    const tree = subtree(parts);
    return [
      [step, tree],
      ...tree.keys.map(([key, deeper]): [string, FieldTree] => [`${step}.${key}`, deeper]),
    ];
  });
  return { field: remaining.find(({ steps }) => steps.length === 0)?.field, keys };
}

/**
 * Finds the value of each field in an event without arrays, which most events are.
 *
 * @param values - gets the values; has {@link ABSENT} for each field before
 * @returns false where a field may have several values
 */
export function findSingleValues(tree: FieldTree, value: unknown, values: unknown[]): boolean {
  if (!isObject(value)) {
    const { field } = tree;
    if (field === undefined) {
      return true;
    }
    const isFirst = values[field] === ABSENT;
    values[field] = value;
    return isFirst;
  }
  if (Array.isArray(value)) {
    return false;
  }
  const { keys } = tree;
  // By index, and looking for the value first: this runs for every record.
  for (let index = 0; index < keys.length; index += 1) {
    const [key, deeper] = keys[index] as (typeof keys)[number];
    const inner = value[key];
    if (inner !== undefined && Object.hasOwn(value, key) && !findSingleValues(deeper, inner, values)) {
      return false;
    }
  }
  return true;
}

/**
 * Finds all values of each field in an event, with the array elements that they are in.
 *
 * @returns a list for each field, or undefined where arrays are nested more than 1,000 deep
 */
export function findAllValues(
  tree: FieldTree,
  event: object,
  fieldCount: number,
): FoundValue[][] | undefined {
  const found: FoundValue[][] = Array.from({ length: fieldCount }, () => []);
  let arrays = 0;
  let position = 0;
  let isTooDeep = false;
  collect(tree, event, undefined, 0);
  return isTooDeep ? undefined : found;

  function collect(at: FieldTree, value: unknown, place: Place | undefined, depth: number): void {
    if (Array.isArray(value)) {
      collectElements(at, value, place, depth + 1);
    } else if (isObject(value)) {
      for (const [key, deeper] of at.keys) {
        if (Object.hasOwn(value, key)) {
          collect(deeper, value[key], place, depth + 1);
        }
      }
    } else if (at.field !== undefined && value !== undefined) {
      found[at.field]?.push({ value, place, position });
      position += 1;
      for (let around = place; around !== undefined; around = around.outer) {
        around.array.lastField = Math.max(around.array.lastField, at.field);
      }
    }
  }

  /** Elements that are objects or arrays are places; for values, it does not matter in which element they are. */
  function collectElements(
    at: FieldTree,
    elements: readonly unknown[],
    outer: Place | undefined,
    depth: number,
  ): void {
    if (depth > NESTING_MAX) {
      isTooDeep = true;
      return;
    }
    const array: EventArray = { id: arrays, start: position, end: position, lastField: -1 };
    arrays += 1;
    for (const [index, element] of elements.entries()) {
      if (isObject(element)) {
        const place: Place = { array, index, outer, start: position, end: position };
        collect(at, element, place, depth);
        place.end = position;
      } else {
        collect(at, element, outer, depth);
      }
    }
    array.end = position;
  }
}

/** Arrays are objects here, numbers are not. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof NumberText);
}
