import { HierarchyError } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { createTradeHierarchy } from './hierarchy.ts';

describe('createTradeHierarchy', () => {
  it('reserves message_count', () => {
    expect(createTradeHierarchy(['Country', 'Shelf'])).toEqual({
      dimensions: ['Country', 'Shelf'],
      separator: ':',
      reserved: ['message_count'],
    });
  });

  it('refuses what createHierarchy refuses', () => {
    expect(() => createTradeHierarchy(['A', 'A'])).toThrow(HierarchyError);
  });
});
