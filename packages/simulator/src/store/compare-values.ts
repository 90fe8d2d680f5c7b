import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Comparator, AttributeValue as ScalarValue } from '@oncefold/commit';
import { compareValues } from '@oncefold/commit/memory';
import { isSame } from './attribute-values.ts';
import { SimulatedStoreError } from './simulated-store-error.ts';

/**
 * Compares two values as DynamoDB does: numbers by value, texts by their bytes in UTF-8, bytes without a sign.
 *
 * What is missing, or is of another type, is neither equal nor lower nor greater: only `<>` holds.
 */
export function compares(
  a: AttributeValue | undefined,
  comparator: Comparator,
  b: AttributeValue | undefined,
): boolean {
  if (comparator === '=' || comparator === '<>') {
    // Values of items and of requests have all numbers in their one form.
    return (a !== undefined && b !== undefined && isSame(a, b)) === (comparator === '=');
  }
  const order = orderOf(a, b);
  if (order === undefined) {
    return false;
  }
  switch (comparator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** @returns undefined where the two cannot be compared */
function orderOf(a: AttributeValue | undefined, b: AttributeValue | undefined): number | undefined {
  return isScalar(a) && isScalar(b) ? compareValues(a, b) : undefined;
}

function isScalar(value: AttributeValue | undefined): value is ScalarValue {
  return value !== undefined && ('S' in value || 'N' in value || 'B' in value);
}

/** Says whether a text or bytes begin with others; false for everything else. */
export function beginsWith(value: AttributeValue | undefined, prefix: AttributeValue | undefined): boolean {
  if (value?.S !== undefined && prefix?.S !== undefined) {
    return value.S.startsWith(prefix.S);
  }
  if (value?.B !== undefined && prefix?.B !== undefined) {
    throw new SimulatedStoreError('The simulated store knows begins_with for texts only.');
  }
  return false;
}
