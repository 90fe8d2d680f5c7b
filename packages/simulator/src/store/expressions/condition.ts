import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { attributeOf } from '../attribute-values.ts';
import { beginsWith, type Comparator, compares } from '../compare-values.ts';
import { SimulatedStoreError } from '../simulated-store-error.ts';
import type { AttributeMap } from '../store.ts';
import { ValidationFault } from '../validation-fault.ts';
import type { Scope } from './scope.ts';
import { type Tokens, tokensOf } from './tokens.ts';

/** Says whether an item, or its absence, meets a condition. */
export type Condition = (item: AttributeMap | undefined) => boolean;

type Operand = (item: AttributeMap | undefined) => AttributeValue | undefined;

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
  const condition = disjunction(tokens, scope);
  tokens.end();
  return condition;
}

function disjunction(tokens: Tokens, scope: Scope): Condition {
  const parts = [conjunction(tokens, scope)];
  while (tokens.take('OR')) {
    parts.push(conjunction(tokens, scope));
  }
  return (item) => parts.some((part) => part(item));
}

function conjunction(tokens: Tokens, scope: Scope): Condition {
  const parts = [negation(tokens, scope)];
  while (tokens.take('AND')) {
    parts.push(negation(tokens, scope));
  }
  return (item) => parts.every((part) => part(item));
}

function negation(tokens: Tokens, scope: Scope): Condition {
  if (!tokens.take('NOT')) {
    return primary(tokens, scope);
  }
  const part = negation(tokens, scope);
  return (item) => !part(item);
}

function primary(tokens: Tokens, scope: Scope): Condition {
  if (tokens.take('(')) {
    const inner = disjunction(tokens, scope);
    tokens.expect(')');
    return inner;
  }
  const token = tokens.peek() ?? '';
  return /^[#:]/.test(token) ? comparison(tokens, scope) : call(tokens, scope);
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
    return (item) => beginsWith(attributeOf(item, attribute), prefix(item));
  }
  tokens.expect(')');
  const mustExist = name === 'attribute_exists';
  return (item) => (attributeOf(item, attribute) !== undefined) === mustExist;
}

function comparison(tokens: Tokens, scope: Scope): Condition {
  const left = operand(tokens, scope);
  if (tokens.take('BETWEEN')) {
    const from = operand(tokens, scope);
    tokens.expect('AND');
    const to = operand(tokens, scope);
    return (item) => compares(left(item), '>=', from(item)) && compares(left(item), '<=', to(item));
  }
  if (tokens.take('IN')) {
    tokens.expect('(');
    const members = [operand(tokens, scope)];
    while (tokens.take(',')) {
      members.push(operand(tokens, scope));
    }
    tokens.expect(')');
    return (item) => members.some((member) => compares(left(item), '=', member(item)));
  }
  const comparator = tokens.next();
  if (!COMPARATORS.has(comparator)) {
    throw new ValidationFault(`Invalid ConditionExpression: syntax error near ${JSON.stringify(comparator)}`);
  }
  const right = operand(tokens, scope);
  return (item) => compares(left(item), comparator as Comparator, right(item));
}

function operand(tokens: Tokens, scope: Scope): Operand {
  if (tokens.peek()?.startsWith(':')) {
    const value = scope.value(tokens);
    return () => value;
  }
  const attribute = scope.attribute(tokens);
  return (item) => attributeOf(item, attribute);
}
