/**
 * Patterns that event-ruler takes and Lambda, as far as it is documented, does not: the mapping refuses them, for the reasons that
 * begin so. Nothing else may be refused that event-ruler takes.
 */
export const stricterThanEventRuler: readonly { readonly what: string; readonly reason: RegExp }[] = [
  {
    what: 'the operators wildcard, cidr and exactly, which Lambda does not list',
    reason: /^filterCriteria\.filters\[0\]\.pattern uses the operator "(wildcard|cidr|exactly)", /,
  },
  {
    what: 'operators within anything-but, which Lambda does not list and EventBridge Pipes refuses',
    reason:
      /^filterCriteria\.filters\[0\]\.pattern needs one text or number, a list of texts or a list of numbers .* under anything-but, /,
  },
  {
    what: 'rules for the data as a whole, in place of its fields',
    reason: /^filterCriteria\.filters\[0\]\.pattern needs an object, not a list, at data$/,
  },
  {
    what: 'patterns of more than 4,096 characters, the limit of the API',
    reason: /^filterCriteria\.filters\[0\]\.pattern has more than 4096 characters$/,
  },
  {
    what: 'more than 100 levels, a limit of the mapping',
    reason: /^filterCriteria\.filters\[0\]\.pattern has more than 100 levels$/,
  },
  {
    what: 'more than 1,000 combinations of alternatives, the limit of EventBridge',
    reason: /^filterCriteria\.filters\[0\]\.pattern has more than 1000 combinations of alternatives, /,
  },
];
