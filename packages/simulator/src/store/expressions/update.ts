import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { addDecimals, DecimalError, formatDecimal, negate, parseSum } from '@oncefold/reducer';
import { attributeOf, define } from '../attribute-values.ts';
import { SimulatedStoreError } from '../simulated-store-error.ts';
import type { AttributeMap } from '../store.ts';
import { ValidationFault } from '../validation-fault.ts';
import type { Scope } from './scope.ts';
import { type Tokens, tokensOf } from './tokens.ts';

/** What an update expression does to an item. */
export interface Update {
  /** Names of the attributes that it writes. */
  readonly attributes: ReadonlySet<string>;
  /**
   * Makes the item that it leaves.
   *
   * @param item - the existing item, or the key where there is none; not changed
   * @throws {@link ValidationFault} when a value cannot be made of this item
   */
  apply(item: AttributeMap): AttributeMap;
}

/** The new value of an attribute; undefined: it has none. */
type NewValue = (item: AttributeMap) => AttributeValue | undefined;

/**
 * Reads an update: SET with values, attributes, `if_not_exists`, `+` and `-`; REMOVE; ADD of numbers. Everything else throws.
 *
 * @param keyAttributes - the attributes that no update may write
 * @throws {@link ValidationFault} when DynamoDB would refuse it
 * @throws {@link SimulatedStoreError} when it has what is not known here
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export function updateOf(expression: string, scope: Scope, keyAttributes: readonly string[]): Update {
  const tokens = tokensOf(expression);
  const changes = new Map<string, NewValue>();
  const clauses = new Set<string>();
  do {
    const clause = tokens.next().toUpperCase();
    const read = Object.hasOwn(CLAUSES, clause) ? CLAUSES[clause] : undefined;
    if (read === undefined) {
      throw new SimulatedStoreError(
        `The simulated store does not know ${JSON.stringify(clause)} in an update.`,
      );
    }
    if (clauses.has(clause)) {
      throw new ValidationFault(`Invalid UpdateExpression: The "${clause}" section can only be used once`);
    }
    clauses.add(clause);
    do {
      const attribute = scope.attribute(tokens);
      if (keyAttributes.includes(attribute)) {
        throw new ValidationFault(`Cannot update attribute ${attribute}. This attribute is part of the key`);
      }
      if (changes.has(attribute)) {
        throw new ValidationFault('Invalid UpdateExpression: Two document paths overlap with each other');
      }
      changes.set(attribute, read(tokens, scope, attribute));
    } while (tokens.take(','));
  } while (tokens.peek() !== undefined);
  return { attributes: new Set(changes.keys()), apply: (item) => applyTo(item, changes) };
}

/** Every new value is made of the item as it was before. */
function applyTo(item: AttributeMap, changes: ReadonlyMap<string, NewValue>): AttributeMap {
  const next: Record<string, AttributeValue> = { ...item };
  for (const [attribute, newValue] of changes) {
    const value = newValue(item);
    if (value === undefined) {
      delete next[attribute];
    } else {
      define(next, attribute, value);
    }
  }
  return next;
}

const CLAUSES: Readonly<Record<string, (tokens: Tokens, scope: Scope, attribute: string) => NewValue>> = {
  SET: (tokens, scope) => {
    tokens.expect('=');
    const left = operand(tokens, scope);
    const sign = tokens.peek();
    if (sign !== '+' && sign !== '-') {
      return left;
    }
    tokens.next();
    const right = operand(tokens, scope);
    return (item) => add(left(item), right(item), sign);
  },
  REMOVE: () => () => undefined,
  ADD: (tokens, scope, attribute) => {
    const value = scope.value(tokens);
    if (value.N === undefined) {
      throw new SimulatedStoreError('The simulated store adds numbers only, no members of sets.');
    }
    return (item) => add(attributeOf(item, attribute) ?? { N: '0' }, value, '+');
  },
};

function operand(tokens: Tokens, scope: Scope): (item: AttributeMap) => AttributeValue {
  const token = tokens.peek() ?? '';
  if (token.startsWith(':')) {
    const value = scope.value(tokens);
    return () => value;
  }
  if (token === 'if_not_exists') {
    tokens.next();
    tokens.expect('(');
    const attribute = scope.attribute(tokens);
    tokens.expect(',');
    const other = operand(tokens, scope);
    tokens.expect(')');
    return (item) => attributeOf(item, attribute) ?? other(item);
  }
  if (!token.startsWith('#')) {
    throw new SimulatedStoreError(`The simulated store does not know ${JSON.stringify(token)} in an update.`);
  }
  const attribute = scope.attribute(tokens);
  return (item) => {
    const value = attributeOf(item, attribute);
    if (value === undefined) {
      throw new ValidationFault(
        'The provided expression refers to an attribute that does not exist in the item',
      );
    }
    return value;
  };
}

function add(a: AttributeValue, b: AttributeValue, sign: '+' | '-'): AttributeValue {
  if (a.N === undefined || b.N === undefined) {
    throw new ValidationFault('An operand in the update expression has an incorrect data type');
  }
  const second = parseSum(b.N);
  try {
    return { N: formatDecimal(addDecimals(parseSum(a.N), sign === '+' ? second : negate(second))) };
  } catch (cause) {
    if (cause instanceof DecimalError) {
      throw new ValidationFault('Number overflow or more than 38 significant digits', { cause });
    }
    throw cause;
  }
}
