import { describe, expect, it } from 'vitest';
import { nodesOfRangesAround } from './ranges.ts';

describe('nodesOfRangesAround', () => {
  it('looks nowhere for the ranges of no records', () => {
    expect(nodesOfRangesAround([])).toEqual(new Set());
  });
});
