import { describe, expect, it } from 'vitest';
import type { Action } from '../transaction-port.ts';
import { itemAfter } from './apply-action.ts';

const place = { table: 'Items', key: { Id: { S: 'a' } }, attribute: 'At' };

describe('itemAfter, where there is no item', () => {
  it.each<[string, Action]>([
    ['an increment', { type: 'increment', ...place, by: '1' }],
    ['a raise', { type: 'raise', ...place, below: 'm', to: 'n' }],
    ['a compare-and-set', { type: 'compare-and-set', ...place, previous: 'm', next: 'n' }],
  ])('makes one of %s that has the key', (_, action) => {
    const value = action.type === 'increment' ? { N: '1' } : { S: 'n' };
    expect(itemAfter(action, undefined)).toEqual({ Id: { S: 'a' }, At: value });
  });
});
