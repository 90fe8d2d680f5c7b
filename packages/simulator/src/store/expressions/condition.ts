import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Comparator } from '@oncefold/commit';
import { attributeOf } from '../attribute-values.ts';
import { beginsWith, compares } from '../compare-values.ts';
import { SimulatedStoreError } from '../simulated-store-error.ts';
import type { AttributeMap } from '../store.ts';
import { ValidationFault } from '../validation-fault.ts';
import type { Scope } from './scope.ts';
import { type Tokens, tokensOf } from './tokens.ts';

/** Says whether an item, or its absence, meets a condition. */
export type Condition = (item: AttributeMap | undefined) => boolean;

/** A value, or the name of an attribute. */
interface Operand {
  readonly attribute: string | undefined;
  readonly value: AttributeValue | undefined;
  readonly read: (item: AttributeMap | undefined) => AttributeValue | undefined;
}

const COMPARATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

/**
 * Reads a condition: comparators, BETWEEN, IN, AND, OR, NOT, parentheses, `attribute_exists`, `attribute_not_exists` and
 * `begins_with`. Everything else throws.
 *
 * @throws {@link ValidationFault} when DynamoDB would refuse it
 * @throws {@link SimulatedStoreError} when it has what is not known here
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function conditionOf(expression: string, scope: Scope): Condition {
  const tokens = tokensOf(expression);
  const { test } = disjunction(tokens, scope);
  tokens.end();
  return test;
}

/** A part of a condition; DynamoDB refuses parentheses around parentheses. */
interface Part {
  readonly test: Condition;
  readonly isParenthesised: boolean;
}

function disjunction(tokens: Tokens, scope: Scope): Part {
  const first = conjunction(tokens, scope);
  if (!tokens.take('OR')) {
    return first;
  }
  const parts = [first.test];
  do {
    parts.push(conjunction(tokens, scope).test);
  } while (tokens.take('OR'));
  return { test: (item) => parts.some((part) => part(item)), isParenthesised: false };
}

function conjunction(tokens: Tokens, scope: Scope): Part {
  const first = negation(tokens, scope);
  if (!tokens.take('AND')) {
    return first;
  }
  const parts = [first.test];
  do {
    parts.push(negation(tokens, scope).test);
  } while (tokens.take('AND'));
  return { test: (item) => parts.every((part) => part(item)), isParenthesised: false };
}

function negation(tokens: Tokens, scope: Scope): Part {
  if (!tokens.take('NOT')) {
    return primary(tokens, scope);
  }
  const { test } = negation(tokens, scope);
  return { test: (item) => !test(item), isParenthesised: false };
}

function primary(tokens: Tokens, scope: Scope): Part {
  if (tokens.take('(')) {
    const { test, isParenthesised } = disjunction(tokens, scope);
    tokens.expect(')');
    if (isParenthesised) {
      throw new ValidationFault('Invalid ConditionExpression: The expression has redundant parentheses;');
    }
    return { test, isParenthesised: true };
  }
  const isComparison = /^[#:]/.test(tokens.peek() ?? '');
  return { test: isComparison ? comparison(tokens, scope) : call(tokens, scope), isParenthesised: false };
}

function call(tokens: Tokens, scope: Scope): Condition {
  const name = tokens.next();
  if (!['attribute_exists', 'attribute_not_exists', 'begins_with'].includes(name)) {
    throw new SimulatedStoreError(
      `The simulated store does not know ${JSON.stringify(name)} in a condition; name attributes by an alias (#…).`,
    );
  }
  tokens.expect('(');
  const attribute = scope.attribute(tokens);
  if (name === 'begins_with') {
    tokens.expect(',');
    const prefix = operand(tokens, scope);
    tokens.expect(')');
    assertType(prefix, name, ['S', 'B']);
    return (item) => beginsWith(attributeOf(item, attribute), prefix.read(item));
  }
  tokens.expect(')');
  const mustExist = name === 'attribute_exists';
  return (item) => (attributeOf(item, attribute) !== undefined) === mustExist;
}

function comparison(tokens: Tokens, scope: Scope): Condition {
  const left = operand(tokens, scope);
  const other = (): Operand => {
    const right = operand(tokens, scope);
    if (right.attribute !== undefined && right.attribute === left.attribute) {
      throw new ValidationFault(
        'Invalid ConditionExpression: The first operand must be distinct from the remaining operands',
      );
    }
    return right;
  };
  const ordered = (comparator: string, right: Operand): Operand['read'] => {
    for (const side of [left, right]) {
      assertType(side, comparator, ['S', 'N', 'B']);
    }
    return right.read;
  };
  const { read } = left;
  if (tokens.take('BETWEEN')) {
    const from = ordered('BETWEEN', other());
    tokens.expect('AND');
    const to = ordered('BETWEEN', other());
    return (item) => compares(read(item), '>=', from(item)) && compares(read(item), '<=', to(item));
  }
  if (tokens.take('IN')) {
    tokens.expect('(');
    const members = [other().read];
    while (tokens.take(',')) {
      members.push(other().read);
    }
    tokens.expect(')');
    return (item) => members.some((member) => compares(read(item), '=', member(item)));
  }
  const comparator = tokens.next();
  if (!COMPARATORS.has(comparator)) {
    throw new ValidationFault(`Invalid ConditionExpression: syntax error near ${JSON.stringify(comparator)}`);
  }
  const isEquality = comparator === '=' || comparator === '<>';
  const right = isEquality ? other().read : ordered(comparator, other());
  return (item) => compares(read(item), comparator as Comparator, right(item));
}

function operand(tokens: Tokens, scope: Scope): Operand {
  if (tokens.peek()?.startsWith(':')) {
    const value = scope.value(tokens);
    return { attribute: undefined, value, read: () => value };
  }
  const attribute = scope.attribute(tokens);
  return { attribute, value: undefined, read: (item) => attributeOf(item, attribute) };
}

/** Refuses a value that can never be compared in this way; what an attribute holds is seen later. */
function assertType({ value }: Operand, operator: string, types: readonly string[]): void {
  const type = Object.keys(value ?? {})[0];
  if (type !== undefined && !types.includes(type)) {
    throw new ValidationFault(
      `Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
    );
  }
}
