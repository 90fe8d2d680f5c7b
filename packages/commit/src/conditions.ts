import { EXPRESSION_BYTES_MAX, Placeholders } from './expressions.ts';
import type { Action, AttributeValue, Condition } from './transaction-port.ts';
import { whyNoValue } from './value-types.ts';

const COMPARATORS: ReadonlySet<unknown> = new Set(['=', '<>', '<', '<=', '>', '>=']);

/** Comparisons in one condition, far within DynamoDB's 300 operators. */
const COMPARISONS_MAX = 100;
/** So many fit into an expression, however deep they are. */
const COMPARISONS_FITTING = 50;
const DEPTH_MAX = 5;

/** A condition with one comparison. */
type Comparison = Extract<Condition, { readonly attribute: string }>;

/** The members of each form of a condition. */
const FORMS: readonly string[] = ['all', 'any', 'attribute,is', 'attribute,is,value'];

/** The condition of an action that a team may give one; undefined where there is none. */
export function conditionOf(action: Action): Condition | undefined {
  return 'condition' in action ? action.condition : undefined;
}

/** Writes a condition in the language of an expression. `name` and `value` give placeholders. */
export function formatCondition(
  condition: Condition,
  placeholders: { name: (attribute: string) => string; value: (value: AttributeValue) => string },
): string {
  if (condition.attribute === undefined) {
    const parts = (condition.all ?? condition.any).map((part) => formatCondition(part, placeholders));
    // DynamoDB refuses parentheses that change nothing, as they would around a list of one within another.
    return parts.length === 1
      ? parts.join('')
      : parts.map((part) => `(${part})`).join(condition.all === undefined ? ' OR ' : ' AND ');
  }
  const name = placeholders.name(condition.attribute);
  switch (condition.is) {
    case 'present':
      return `attribute_exists(${name})`;
    case 'absent':
      return `attribute_not_exists(${name})`;
    default:
      return `${name} ${condition.is} ${placeholders.value(condition.value)}`;
  }
}

/**
 * Says why a condition is none, whatever made it.
 *
 * @returns the reason, without values; undefined: none is known
 */
export function whyNoCondition(condition: unknown): string | undefined {
  const comparisons: Comparison[] = [];
  const fault = collect(condition, comparisons, 1);
  if (comparisons.length > COMPARISONS_MAX) {
    return `a condition has at most ${COMPARISONS_MAX} comparisons`;
  }
  const isTooLong = (): boolean =>
    formatCondition(condition as Condition, new Placeholders()).length > EXPRESSION_BYTES_MAX;
  return fault === undefined && comparisons.length > COMPARISONS_FITTING && isTooLong()
    ? `a condition is an expression of at most ${EXPRESSION_BYTES_MAX} bytes`
    : fault;
}

function collect(condition: unknown, comparisons: Comparison[], depth: number): string | undefined {
  if (typeof condition !== 'object' || condition === null) {
    return 'a condition must be an object';
  }
  const members = Object.keys(condition).sort().join(',');
  if (!FORMS.includes(members)) {
    return `a condition is { attribute, is }, { attribute, is, value }, { all } or { any }, and not { ${members.replaceAll(',', ', ')} }`;
  }
  const { all, any, attribute, is, value } = condition as Readonly<Record<string, unknown>>;
  if (all !== undefined || any !== undefined) {
    const parts = all ?? any;
    if (!Array.isArray(parts) || parts.length === 0 || depth >= DEPTH_MAX) {
      return `all and any are lists of 1 or more conditions, at most ${DEPTH_MAX} deep`;
    }
    return parts.map((part) => collect(part, comparisons, depth + 1)).find((fault) => fault !== undefined);
  }
  if (typeof attribute !== 'string' || attribute === '') {
    return 'the attribute of a condition must be a name';
  }
  comparisons.push(condition as Comparison);
  if (is === 'present' || is === 'absent') {
    return undefined;
  }
  if (!COMPARATORS.has(is)) {
    return `the condition on ${attribute} must be present, absent, or one of ${[...COMPARATORS].join(' ')}`;
  }
  const fault = whyNoValue(value);
  return fault && `the value of the condition on ${attribute} ${fault}`;
}
