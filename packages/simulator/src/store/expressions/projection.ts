import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { attributeOf, copyItem, define } from '../attribute-values.ts';
import type { AttributeMap } from '../store.ts';
import { type ScopeInput, scopeOf } from './scope.ts';
import { tokensOf } from './tokens.ts';

/** Makes what a read answers of an item. */
export type Projection = (item: AttributeMap) => Record<string, AttributeValue>;

/** Reads which attributes a read asks for; all of them where it does not say. */
export function projectionOf(
  input: ScopeInput & { readonly ProjectionExpression?: string | undefined },
): Projection {
  const scope = scopeOf(input);
  if (input.ProjectionExpression === undefined) {
    scope.assertAllUsed();
    return copyItem;
  }
  const tokens = tokensOf(input.ProjectionExpression);
  const names = [scope.attribute(tokens)];
  while (tokens.take(',')) {
    names.push(scope.attribute(tokens));
  }
  tokens.end();
  scope.assertAllUsed();
  return (item) => copyItem(pick(item, names));
}

/** The attributes of an item that have these names. */
export function pick(item: AttributeMap | undefined, names: Iterable<string>): AttributeMap {
  const picked: Record<string, AttributeValue> = {};
  for (const name of names) {
    const value = attributeOf(item, name);
    if (value !== undefined) {
      define(picked, name, value);
    }
  }
  return picked;
}
