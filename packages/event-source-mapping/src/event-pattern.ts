import { NumberText, parseWithNumberText } from './json-with-number-text.ts';
import { SettingsError } from './settings-error.ts';

/** Says whether a value matches an event pattern. Numbers are NumberText or plain numbers. */
export type Matcher = (value: unknown) => boolean;

type LeafRule = (leaves: readonly unknown[]) => boolean;

/** Deepest nesting of a pattern: a limit for the recursion. */
const depthMax = 100;

/**
 * Compiles an event pattern with the operators that Lambda documents for event source mappings.
 *
 * Fields are joined by and, the rules of one field by or. Numbers in a plain rule are compared by their text.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
export function compilePattern(text: string): Matcher {
  let pattern: unknown;
  try {
    pattern = parseWithNumberText(text);
  } catch {
    throw refused('is not JSON');
  }
  return compileObject(pattern, 0);
}

function compileObject(pattern: unknown, depth: number): Matcher {
  if (!isObject(pattern)) {
    throw refused('must be an object, with a list of rules for each field');
  }
  if (depth > depthMax) {
    throw refused('is nested too deeply');
  }
  const fields = Object.entries(pattern).map(([name, rule]) => compileField(name, rule, depth));
  return (value) => fields.every((matches) => matches(value));
}

function compileField(name: string, rule: unknown, depth: number): Matcher {
  if (name === '$or') {
    return compileAlternatives(rule, depth);
  }
  if (isObject(rule)) {
    const nested = compileObject(rule, depth + 1);
    return (value) => children(value, name).some(nested);
  }
  if (!Array.isArray(rule) || rule.length === 0) {
    throw refused('must have a list of rules for each field');
  }
  const rules = rule.map(compileRule);
  return (value) => {
    const leaves = children(value, name).flatMap(leavesOf);
    return rules.some((matches) => matches(leaves));
  };
}

function compileAlternatives(rule: unknown, depth: number): Matcher {
  if (!Array.isArray(rule) || rule.length < 2) {
    throw refused('needs at least two alternatives under $or');
  }
  const alternatives = rule.map((alternative) => compileObject(alternative, depth + 1));
  return (value) => alternatives.some((matches) => matches(value));
}

/** One rule of a field's list. It sees all leaf values of the field; an absent field has none. */
function compileRule(rule: unknown): LeafRule {
  if (!isObject(rule)) {
    if (Array.isArray(rule)) {
      throw refused('has a list within a list of rules');
    }
    return (leaves) => leaves.some((leaf) => isSame(leaf, rule));
  }
  const entries = Object.entries(rule);
  if (entries.length !== 1) {
    throw refused('must have one operator in each rule');
  }
  const [operator, operand] = entries[0] as [string, unknown];
  const compile = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (compile === undefined) {
    throw refused(`uses the operator "${operator}", which event source mappings do not have`);
  }
  return compile(operand);
}

const operators: Readonly<Record<string, (operand: unknown) => LeafRule>> = {
  exists(operand) {
    if (typeof operand !== 'boolean') {
      throw refused('needs true or false under exists');
    }
    return (leaves) => leaves.length > 0 === operand;
  },
  'anything-but'(operand) {
    const refusedValues = Array.isArray(operand) ? operand : [operand];
    if (refusedValues.length === 0 || !refusedValues.every(isTextOrNumber)) {
      throw refused('needs texts or numbers under anything-but');
    }
    return (leaves) => leaves.some((leaf) => !refusedValues.some((value) => isSame(leaf, value)));
  },
  'equals-ignore-case'(operand) {
    const wanted = text(operand, 'equals-ignore-case').toLowerCase();
    return someText((leaf) => leaf.toLowerCase() === wanted);
  },
  prefix: (operand) => edge(operand, 'prefix', (leaf, wanted) => leaf.startsWith(wanted)),
  suffix: (operand) => edge(operand, 'suffix', (leaf, wanted) => leaf.endsWith(wanted)),
  numeric: compileNumeric,
};

function edge(operand: unknown, name: string, test: (leaf: string, wanted: string) => boolean): LeafRule {
  if (!isObject(operand)) {
    const wanted = text(operand, name);
    return someText((leaf) => test(leaf, wanted));
  }
  if (Object.keys(operand).join() !== 'equals-ignore-case') {
    throw refused(`has an unknown form of ${name}`);
  }
  const wanted = text(operand['equals-ignore-case'], name).toLowerCase();
  return someText((leaf) => test(leaf.toLowerCase(), wanted));
}

const comparisons: ReadonlyMap<unknown, (left: number, right: number) => boolean> = new Map([
  ['=', (left: number, right: number) => left === right],
  ['<', (left: number, right: number) => left < right],
  ['<=', (left: number, right: number) => left <= right],
  ['>', (left: number, right: number) => left > right],
  ['>=', (left: number, right: number) => left >= right],
]);

/** One or two comparisons, such as `[">", 10, "<=", 20]`. */
function compileNumeric(operand: unknown): LeafRule {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    throw refused('needs one or two comparisons under numeric');
  }
  const tests: ((left: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = comparisons.get(operand[index]);
    const right = numberOf(operand[index + 1]);
    if (compare === undefined || Number.isNaN(right)) {
      throw refused('has an unknown comparison under numeric');
    }
    tests.push((left) => compare(left, right));
  }
  return (leaves) => leaves.map(numberOf).some((left) => tests.every((test) => test(left)));
}

/** The values of a field; a list of objects is looked into. One undefined stands for an absent field. */
function children(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((element) => children(element, name));
  }
  return isObject(value) && Object.hasOwn(value, name) ? [value[name]] : [undefined];
}

/** Operators see leaf values only: an object has none, a list those of its elements. */
function leavesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap(leavesOf);
  }
  return value === undefined || isObject(value) ? [] : [value];
}

function isSame(leaf: unknown, wanted: unknown): boolean {
  const number = numberText(leaf);
  return number === undefined ? leaf === wanted : number === numberText(wanted);
}

function numberText(value: unknown): string | undefined {
  if (value instanceof NumberText) {
    return value.text;
  }
  return typeof value === 'number' ? String(value) : undefined;
}

/** NaN, of which no comparison is true, where the value is no number. */
function numberOf(value: unknown): number {
  return Number(numberText(value));
}

function isTextOrNumber(value: unknown): boolean {
  return typeof value === 'string' || value instanceof NumberText;
}

function someText(test: (leaf: string) => boolean): LeafRule {
  return (leaves) => leaves.some((leaf) => typeof leaf === 'string' && test(leaf));
}

function text(operand: unknown, operator: string): string {
  if (typeof operand === 'string') {
    return operand;
  }
  throw refused(`needs a text under ${operator}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)
  );
}

function refused(reason: string): SettingsError {
  return new SettingsError('filterCriteria', `has a pattern that ${reason}`);
}
