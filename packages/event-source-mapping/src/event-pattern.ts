import { type Condition, matchesConsistently } from './array-consistency.ts';
import { ABSENT, createFieldTree, findAllValues, findSingleValues } from './event-fields.ts';
import { compileFieldTest, type FieldTest } from './field-test.ts';
import { PatternError } from './pattern-error.ts';
import { PatternObject, parsePattern } from './pattern-json.ts';
import { reservedNames } from './reserved-names.ts';

/** A compiled pattern. */
export interface EventPattern {
  /** The names of all fields that it has rules for, their levels joined by dots. */
  readonly names: readonly string[];
  /** Says whether an event matches. Numbers are NumberText or plain numbers. */
  matches(event: object): boolean;
}

/** Longest pattern that the API takes. */
const PATTERN_CHARACTERS_MAX = 4_096;

/** Deepest nesting of fields. */
const LEVELS_MAX = 100;

/** As many as EventBridge allows: each combination of alternatives is a rule of its own. */
const COMBINATIONS_MAX = 1_000;

/** What has to hold in one combination of alternatives: fields by their names, joined by and. */
type Combination = ReadonlyMap<string, FieldTest>;

interface Place {
  /** Names of the fields around. */
  readonly names: readonly string[];
  /** The same, and the alternatives among them, as an error says it. */
  readonly path: readonly (string | number)[];
  readonly isAlternative: boolean;
}

/**
 * Compiles an event pattern with the operators that Lambda documents for event source mappings.
 *
 * Fields are joined by and, the rules of one field by or. In an event with arrays, no two fields match in different elements of one
 * array. Where a field has several lists of rules, the last one holds, also before and within `$or`. It is the algorithm of
 * event-ruler, with which EventBridge matches.
 *
 * @param text - the pattern as JSON
 * @throws {@link PatternError} when the pattern is refused
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 * @see https://github.com/aws/event-ruler
 */
export function compilePattern(text: string): EventPattern {
  const combinations = expand(parse(text), { names: [], path: [], isAlternative: false }, [new Map()]);
  const names = [...new Set(combinations.flatMap((combination) => [...combination.keys()]))].sort();
  const tree = createFieldTree(names);
  const absent: readonly unknown[] = names.map(() => ABSENT);
  const alternatives = combinations.map((combination) =>
    names.flatMap((name, field): Condition[] => {
      const test = combination.get(name);
      return test === undefined ? [] : [{ field, test }];
    }),
  );
  return {
    names,
    matches(event) {
      const values = absent.slice();
      if (findSingleValues(tree, event, values)) {
        return alternatives.some((conditions) => matchesValues(conditions, values));
      }
      const found = findAllValues(tree, event, names.length);
      return found !== undefined && alternatives.some((conditions) => matchesConsistently(conditions, found));
    },
  };
}

function parse(text: string): unknown {
  if (text.length > PATTERN_CHARACTERS_MAX) {
    throw new PatternError([], `has more than ${PATTERN_CHARACTERS_MAX} characters`);
  }
  try {
    return parsePattern(text);
  } catch {
    throw new PatternError([], 'is not JSON');
  }
}

/** Adds what an object of the pattern says to each combination so far; `$or` makes one of each for each alternative. */
function expand(pattern: unknown, place: Place, before: readonly Combination[]): readonly Combination[] {
  if (!(pattern instanceof PatternObject)) {
    throw new PatternError(place.path, 'must be an object, with a list of rules for each field');
  }
  if (pattern.fields.length === 0) {
    throw new PatternError(place.path, 'has an object without fields');
  }
  let combinations = before;
  for (const [name, rules] of pattern.fields) {
    combinations =
      name === '$or'
        ? expandAlternatives(rules, { ...place, path: [...place.path, name] }, combinations)
        : expandField(name, rules, place, combinations);
  }
  return combinations;
}

function expandField(
  name: string,
  rules: unknown,
  place: Place,
  combinations: readonly Combination[],
): readonly Combination[] {
  const names = [...place.names, name];
  const path = [...place.path, name];
  if (place.isAlternative && reservedNames.has(name)) {
    throw new PatternError(path, `has the field "${name}" under $or, where this name is reserved`);
  }
  if (rules instanceof PatternObject) {
    return expand(rules, { ...place, names, path }, combinations);
  }
  if (!Array.isArray(rules)) {
    throw new PatternError(path, 'must have a list of rules or an object for each field');
  }
  const joined = names.join('.');
  if (joined.split('.').length > LEVELS_MAX) {
    throw new PatternError([], `has more than ${LEVELS_MAX} levels`);
  }
  const test = compileFieldTest(rules, path);
  return combinations.map((combination) => new Map([...combination, [joined, test]]));
}

function expandAlternatives(
  alternatives: unknown,
  place: Place,
  combinations: readonly Combination[],
): readonly Combination[] {
  if (!Array.isArray(alternatives) || alternatives.length < 2) {
    throw new PatternError(place.path, 'needs a list of at least two alternatives under $or');
  }
  const expanded: Combination[] = [];
  for (const [index, alternative] of alternatives.entries()) {
    const path = [...place.path, index];
    expanded.push(...expand(alternative, { ...place, path, isAlternative: true }, combinations));
    if (expanded.length > COMBINATIONS_MAX) {
      throw new PatternError(place.path, `has more than ${COMBINATIONS_MAX} combinations of alternatives`);
    }
  }
  return expanded;
}

function matchesValues(conditions: readonly Condition[], values: readonly unknown[]): boolean {
  for (const { field, test } of conditions) {
    const value = values[field];
    if (!(value === ABSENT ? test.matchesAbsence : test.matchesValue(value))) {
      return false;
    }
  }
  return true;
}
