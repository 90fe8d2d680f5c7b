import { describe, expect, it } from 'vitest';
import type { Action, Item } from '../transaction-port.ts';
import { itemAfter, meetsCondition } from './apply-action.ts';

const key = { Id: { S: 'a' } };
const place = { table: 'Items', key };
const increment = (by: string): Action => ({ type: 'update', ...place, add: { Value: by } });
const holding = (N: string): Item => ({ ...key, Value: { N }, Other: { S: 'kept' } });

describe('itemAfter', () => {
  const nines = (count: number) => '9'.repeat(count);

  it.each([
    ['1', '2', '3'],
    ['1', '-1', '0'],
    ['-7', '3', '-4'],
    ['0', '0', '0'],
    ['0.5', '1', '1.5'],
    ['1', '-0.000000000001', '0.999999999999'],
    ['1e2', '1', '101'],
    ['-0', '1', '1'],
    ['9007199254740993', '9007199254740993', '18014398509481986'],
    ['-1.50', '1e-12', '-1.499999999999'],
    ['1e-130', '-1e-130', '0'],
    ['0e-99', '1e125', `1${'0'.repeat(125)}`],
    // Where sums are no longer of 37 digits, and where they still fit.
    [nines(37), '1', `1${'0'.repeat(37)}`],
    [nines(37), nines(37), `1${nines(36)}8`],
    [nines(38), '1', `1${'0'.repeat(38)}`],
    [`-${nines(38)}`, '1', `-${nines(37)}8`],
  ])('adds to %s exactly %s', (before, by, after) => {
    expect(itemAfter(increment(by), holding(before))).toEqual(holding(after));
  });

  it.each([
    [nines(38), '2'],
    [`-${nines(38)}`, '-0.1'],
    ['1e37', '1e-1'],
    ['9e125', '1e125'],
  ])('refuses the sum of %s and %s, which a number cannot hold', (before, by) => {
    const refused = expect.objectContaining({ code: 'transaction-refused' });
    expect(() => itemAfter(increment(by), holding(before))).toThrow(refused);
  });

  it('makes an item of the key, and leaves what is there and is not written', () => {
    expect(itemAfter(increment('2'), undefined)).toEqual({ ...key, Value: { N: '2' } });
    const set: Action = { type: 'raise', ...place, attribute: 'Position', below: '5', to: '7' };
    expect(itemAfter(set, holding('1'))).toEqual({ ...holding('1'), Position: { S: '7' } });
    const moved: Action = {
      type: 'compare-and-set',
      ...place,
      attribute: 'Other',
      previous: 'kept',
      next: 'moved',
    };
    expect(itemAfter(moved, holding('1'))).toEqual({ ...holding('1'), Other: { S: 'moved' } });
    const put: Action = {
      type: 'put',
      ...place,
      attributes: { Value: { S: 'x' }, Id: { S: 'not the key' } },
    };
    expect(itemAfter(put, holding('1'))).toEqual({ ...key, Value: { S: 'x' } });
  });
});

describe('meetsCondition', () => {
  const raise = (below: string): Action => ({
    type: 'raise',
    ...place,
    attribute: 'Position',
    below,
    to: '9',
  });
  const at = (S: string): Item => ({ ...key, Position: { S } });

  it.each<[string, Action, Item | undefined, boolean]>([
    ['a put anywhere', { type: 'put', ...place, attributes: {} }, at('5'), true],
    ['a put-if-absent of nothing', { type: 'put-if-absent', ...place, attributes: {} }, undefined, true],
    ['a put-if-absent of something', { type: 'put-if-absent', ...place, attributes: {} }, key, false],
    ['a raise from below', raise('6'), at('5'), true],
    ['a raise from there', raise('5'), at('5'), false],
    ['a raise of nothing', raise('5'), undefined, false],
    ['a raise of a number', raise('5'), { ...key, Position: { N: '1' } }, false],
  ])('decides on %s', (_, action, existing, isMet) => {
    expect(meetsCondition(action, existing)).toBe(isMet);
  });
});
