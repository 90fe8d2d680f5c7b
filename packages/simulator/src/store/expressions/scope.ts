import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { requestValue } from '../request-values.ts';
import { SimulatedStoreError } from '../simulated-store-error.ts';
import { ValidationFault } from '../validation-fault.ts';
import type { Tokens } from './tokens.ts';

/** What the names and values of a request's expressions stand for. */
export interface Scope {
  /** Takes the name of an attribute. */
  attribute(tokens: Tokens): string;
  /** Takes a value. */
  value(tokens: Tokens): AttributeValue;
  /** Refuses names and values that no expression has used, as DynamoDB does. */
  assertAllUsed(): void;
}

/** The members of a request that name attributes and values. */
export interface ScopeInput {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

export function scopeOf(input: ScopeInput): Scope {
  const names = new Map(Object.entries(input.ExpressionAttributeNames ?? {}));
  const values = new Map(Object.entries(input.ExpressionAttributeValues ?? {}));
  const unused = new Set([...names.keys(), ...values.keys()]);
  return {
    attribute: (tokens) => {
      const token = tokens.next();
      if (!token.startsWith('#')) {
        throw new SimulatedStoreError(
          `The simulated store does not know which words are reserved: name ${JSON.stringify(token)} by an alias (#…).`,
        );
      }
      assertPathEnds(tokens);
      unused.delete(token);
      return definitionOf(names, token);
    },
    value: (tokens) => {
      const token = tokens.next();
      if (!token.startsWith(':')) {
        throw new ValidationFault(`Invalid expression: syntax error near ${JSON.stringify(token)}`);
      }
      unused.delete(token);
      return requestValue(definitionOf(values, token));
    },
    assertAllUsed: () => {
      if (unused.size > 0) {
        throw new ValidationFault(
          `Values or names provided, but unused in expressions: ${[...unused].join(', ')}`,
        );
      }
    },
  };
}

function assertPathEnds(tokens: Tokens): void {
  if (tokens.peek() === '.' || tokens.peek() === '[') {
    throw new SimulatedStoreError('The simulated store knows attributes, but no paths into them.');
  }
}

function definitionOf<T>(map: ReadonlyMap<string, T>, token: string): T {
  const value = map.get(token);
  if (value === undefined) {
    throw new ValidationFault(`An expression uses ${token}, which is not defined`);
  }
  return value;
}
