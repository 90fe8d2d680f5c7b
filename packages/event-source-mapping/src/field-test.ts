import { comparableNumber } from './comparable-number.ts';
import { ignoringCase } from './ignoring-case.ts';
import { parseIpAddress } from './ip-address.ts';
import { NumberText } from './json-with-number-text.ts';
import { PatternError } from './pattern-error.ts';
import { PatternObject } from './pattern-json.ts';

/** Says whether a leaf value of an event matches: a text, a number, true, false or null. */
export type ValueTest = (value: unknown) => boolean;

/** The rules of one field of a pattern; one of them has to match. */
export interface FieldTest {
  readonly matchesValue: ValueTest;
  /** Is one of them `{"exists": false}`? */
  readonly matchesAbsence: boolean;
}

/** Where a rule stands in its pattern. */
type Path = readonly (string | number)[];

type Operator = (operand: unknown, path: Path) => ValueTest;

const NO_VALUE: ValueTest = () => false;

/**
 * Compiles the list of rules of a field.
 *
 * @param rules - values and operators as they were parsed, at least one
 * @param path - where the list stands
 * @throws {@link PatternError} when a rule is not one that event source mappings have
 */
export function compileFieldTest(rules: readonly unknown[], path: Path): FieldTest {
  if (rules.length === 0) {
    throw new PatternError(path, 'needs at least one rule in each list');
  }
  const tests = rules.map((rule, index) => compileRule(rule, [...path, index]));
  const [first = NO_VALUE] = tests;
  return {
    matchesValue: tests.length === 1 ? first : (value) => tests.some((matches) => matches(value)),
    matchesAbsence: rules.some(isAbsence),
  };
}

function isAbsence(rule: unknown): boolean {
  return (
    rule instanceof PatternObject && rule.fields.some(([name, operand]) => name === 'exists' && !operand)
  );
}

function compileRule(rule: unknown, path: Path): ValueTest {
  if (Array.isArray(rule)) {
    throw new PatternError(path, 'has a list within a list of rules');
  }
  if (!(rule instanceof PatternObject)) {
    return compileValue(rule);
  }
  const [entry, ...others] = rule.fields;
  if (entry === undefined || others.length > 0) {
    throw new PatternError(path, 'must have one operator in each rule');
  }
  const [name, operand] = entry;
  const compile = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (compile === undefined) {
    throw new PatternError(path, `uses the operator "${name}", which event source mappings do not have`);
  }
  return compile(operand, [...path, name]);
}

/** Values are compared as they are written; numbers and addresses also by what they say. */
function compileValue(rule: unknown): ValueTest {
  if (rule instanceof NumberText) {
    const wanted = comparableNumber(rule);
    return (value) => numberText(value) === rule.text || comparableNumber(value) === wanted;
  }
  const address = parseIpAddress(rule);
  return address === undefined
    ? (value) => value === rule
    : (value) => value === rule || parseIpAddress(value) === address;
}

const operators: Readonly<Record<string, Operator>> = {
  exists(operand, path) {
    if (typeof operand !== 'boolean') {
      throw new PatternError(path, 'needs true or false under exists');
    }
    return operand ? () => true : NO_VALUE;
  },
  'anything-but': compileAnythingBut,
  'equals-ignore-case': (operand, path) => expression(`^${ignoringCase(textOf(operand, path))}$`),
  prefix: (operand, path) =>
    operand instanceof PatternObject
      ? expression(`^${ignoringCase(caselessTextOf(operand, path)).replace(/"$/, '(?:"|$)')}`)
      : compilePrefix(textOf(operand, path)),
  suffix: (operand, path) =>
    operand instanceof PatternObject
      ? expression(`${ignoringCase(caselessTextOf(operand, path)).replace(/^"/, '(?:^|")')}$`)
      : compileSuffix(textOf(operand, path)),
  numeric: compileNumeric,
};

/** Filters see the quotation marks around a text, so that one at the end of a prefix may also be the end of the value. */
function compilePrefix(wanted: string): ValueTest {
  const whole = wanted.endsWith('"') ? wanted.slice(0, -1) : wanted;
  return (value) => typeof value === 'string' && (value.startsWith(wanted) || value === whole);
}

function compileSuffix(wanted: string): ValueTest {
  const whole = wanted.startsWith('"') ? wanted.slice(1) : wanted;
  return (value) => typeof value === 'string' && (value.endsWith(wanted) || value === whole);
}

function expression(source: string): ValueTest {
  const wanted = new RegExp(source);
  return (value) => typeof value === 'string' && wanted.test(value);
}

/** Texts or numbers, not both: what is of another kind is always something else. */
function compileAnythingBut(operand: unknown, path: Path): ValueTest {
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length > 0 && values.every((value) => typeof value === 'string')) {
    const refused = new Set<unknown>(values);
    return (value) => !refused.has(value);
  }
  const numbers = new Set(values.map(comparableNumber));
  if (numbers.size === 0 || numbers.has(Number.NaN)) {
    throw new PatternError(
      path,
      'needs one text or number, a list of texts or a list of numbers of at most 17 digits under anything-but',
    );
  }
  return (value) => !numbers.has(comparableNumber(value));
}

const comparisons: ReadonlyMap<unknown, (left: number, right: number) => boolean> = new Map([
  ['=', (left: number, right: number) => left === right],
  ['<', (left: number, right: number) => left < right],
  ['<=', (left: number, right: number) => left <= right],
  ['>', (left: number, right: number) => left > right],
  ['>=', (left: number, right: number) => left >= right],
]);

/** One comparison, or a range from its lower end to its upper one, such as `[">", 10, "<=", 20]`. */
function compileNumeric(operand: unknown, path: Path): ValueTest {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    throw new PatternError(path, 'needs one or two comparisons under numeric');
  }
  const [sign, limit, endSign, endLimit] = operand as readonly unknown[];
  const first = comparison(sign, limit, path);
  if (operand.length === 2) {
    return first;
  }
  const second = comparison(endSign, endLimit, path);
  const isRange = (sign === '>' || sign === '>=') && (endSign === '<' || endSign === '<=');
  if (!isRange || comparableNumber(limit) >= comparableNumber(endLimit)) {
    throw new PatternError(
      path,
      'needs a range from a lower number to a higher one, such as [">", 10, "<=", 20]',
    );
  }
  return (value) => first(value) && second(value);
}

function comparison(sign: unknown, limit: unknown, path: Path): ValueTest {
  const compare = comparisons.get(sign);
  const right = comparableNumber(limit);
  if (compare === undefined || Number.isNaN(right)) {
    throw new PatternError(
      path,
      'needs =, <, <=, > or >= and a number of at most 17 digits in each comparison',
    );
  }
  return (value) => compare(comparableNumber(value), right);
}

function numberText(value: unknown): string | undefined {
  if (value instanceof NumberText) {
    return value.text;
  }
  return typeof value === 'number' ? String(value) : undefined;
}

function textOf(operand: unknown, path: Path): string {
  if (typeof operand === 'string') {
    return operand;
  }
  throw new PatternError(path, 'needs a text');
}

/** The text of `{"equals-ignore-case": "text"}`, the one form that `prefix` and `suffix` have besides a text. */
function caselessTextOf(operand: PatternObject, path: Path): string {
  const [entry, ...others] = operand.fields;
  if (entry?.[0] !== 'equals-ignore-case' || others.length > 0) {
    throw new PatternError(path, 'needs a text, or one under equals-ignore-case');
  }
  return textOf(entry[1], [...path, 'equals-ignore-case']);
}
