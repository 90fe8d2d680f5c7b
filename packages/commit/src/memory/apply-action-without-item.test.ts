import { describe, expect, it } from 'vitest';
import type { Action } from '../transaction-port.ts';
import { itemAfter } from './apply-action.ts';

const place = { table: 'Items', key: { Id: { S: 'a' } } };

describe('itemAfter, where there is no item', () => {
  it.each<[string, Action]>([
    ['an update', { type: 'update', ...place, set: { At: { S: 'n' } } }],
    ['a raise', { type: 'raise', ...place, attribute: 'At', below: 'm', to: 'n' }],
    ['a compare-and-set', { type: 'compare-and-set', ...place, attribute: 'At', previous: 'm', next: 'n' }],
  ])('makes one of %s that has the key', (_, action) => {
    expect(itemAfter(action, undefined)).toEqual({ Id: { S: 'a' }, At: { S: 'n' } });
  });
});
