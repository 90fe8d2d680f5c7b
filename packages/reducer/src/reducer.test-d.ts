import {
  addDecimals,
  type Contribution,
  checkDecimal,
  contributionOfChange,
  createHierarchy,
  type Decimal,
  type ExactJson,
  formatContribution,
  type InvalidDecimalReason,
  mergeContributions,
  negate,
  one,
  parseContribution,
  parseDecimal,
  parseJsonExact,
  rollUp,
} from './index.ts';

// What a team writes.
export const amount: Decimal = addDecimals(parseDecimal('12.30'), negate(one));
export const checked: Decimal | InvalidDecimalReason = checkDecimal('1');
export const merged: Contribution = mergeContributions([
  rollUp(['EMEA', 'FX'], amount),
  new Map([['a', one]]),
]);
export const text: string = formatContribution(parseContribution('{"a":"1"}'));
export const price: ExactJson | undefined = parseJsonExact('{"price":1}').find('price');
export const change: Contribution = contributionOfChange(undefined, { path: ['EMEA'], measure: one });
createHierarchy({ dimensions: ['Region'], reserved: ['count'] });

// @ts-expect-error a JavaScript number may already have lost digits
parseDecimal(12.3);
// @ts-expect-error a bigint that is no decimal: 1n would be 0.000000000001
addDecimals(one, 1n);
// @ts-expect-error a decimal is no number
export const number: number = parseDecimal('1');
// @ts-expect-error a reason is no decimal: it has to be looked at first
addDecimals(one, checkDecimal('1'));
// @ts-expect-error bytes have to be decoded first
parseJsonExact(new Uint8Array());
// @ts-expect-error a plain object for a map: `__proto__` would be no key in it
mergeContributions([{ a: one }]);
// @ts-expect-error a contribution is not changed by whoever gets it
merged.set('b', one);
// @ts-expect-error a member that may be absent
parseJsonExact('{}').find('price').numberText();
// @ts-expect-error a misspelt option
createHierarchy({ dimension: ['Region'] });
