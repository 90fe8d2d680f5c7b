/**
 * Names that a field under `$or` must not have: those of operators and their signs, of today and of plans, so that a list of rules
 * is not taken for a list of alternatives.
 *
 * @see https://github.com/aws/event-ruler#the-or-primitive
 */
export const reservedNames: ReadonlySet<string> = new Set([
  'exactly',
  'equals-ignore-case',
  'prefix',
  'suffix',
  'anything-but',
  'exists',
  'wildcard',
  'numeric',
  'cidr',
  '=',
  '<',
  '<=',
  '>',
  '>=',
  'regex',
  'not-wildcard',
  'not-equals-ignore-case',
  'date-after',
  'date-on-or-after',
  'date-before',
  'date-on-or-before',
  'in-date-range',
  'ip-address-in-range',
  'ip-address-not-in-range',
]);
