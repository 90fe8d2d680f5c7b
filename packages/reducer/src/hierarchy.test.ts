import { describe, expect, it } from 'vitest';
import { checkSegments, createHierarchy, HierarchyError, type InvalidSegmentReason } from './index.ts';

const shelves = createHierarchy({ dimensions: ['Country', 'Shelf'], reserved: ['total'] });

describe('createHierarchy', () => {
  it('reserves the names it is told, and none otherwise', () => {
    expect(shelves).toEqual({
      dimensions: ['Country', 'Shelf'],
      separator: ':',
      reserved: ['total'],
    });
    expect(createHierarchy({ dimensions: ['A'] }).reserved).toEqual([]);
  });

  it('does not follow later changes of what it was given', () => {
    const dimensions = ['A'];
    const hierarchy = createHierarchy({ dimensions });
    dimensions.push('B');
    expect(hierarchy.dimensions).toEqual(['A']);
  });

  it.each([
    ['no dimensions', { dimensions: [] }, 'wrong-count'],
    ['17 dimensions', { dimensions: Array.from({ length: 17 }, String) }, 'wrong-count'],
    ['an empty name', { dimensions: ['A', ''] }, 'bad-name'],
    ['a malformed name', { dimensions: ['\ud800'] }, 'bad-name'],
    ['a name given twice', { dimensions: ['A', 'A'] }, 'duplicate-name'],
    ['an empty reserved name', { dimensions: ['A'], reserved: [''] }, 'bad-name'],
  ])('refuses %s', (_what, options, code) => {
    expect(() => createHierarchy(options)).toThrow(HierarchyError);
    expect(() => createHierarchy(options)).toThrow(expect.objectContaining({ code }));
  });
});

describe('checkSegments', () => {
  it('puts the segments of a map or an object in the order of the hierarchy', () => {
    const segments = { Shelf: '7', Country: 'NL', Other: 1 };
    const expected = { code: 'valid', path: ['NL', '7'] };
    expect(checkSegments(shelves, segments)).toEqual(expected);
    expect(checkSegments(shelves, new Map<string, unknown>(Object.entries(segments)))).toEqual(expected);
  });

  it('looks at own properties only', () => {
    const hierarchy = createHierarchy({ dimensions: ['constructor'] });
    expect(checkSegments(hierarchy, {})).toMatchObject({ reason: 'missing-field', dimension: 'constructor' });
    expect(checkSegments(hierarchy, { constructor: 'x' })).toEqual({ code: 'valid', path: ['x'] });
    const inherited: Record<string, unknown> = Object.create({ Country: 'NL', Shelf: '7' });
    expect(checkSegments(shelves, inherited)).toMatchObject({ reason: 'missing-field' });
  });

  it.each<[string, unknown, InvalidSegmentReason]>([
    ['nothing', undefined, 'missing-field'],
    ['null', null, 'wrong-type'],
    ['a number', 7, 'wrong-type'],
    ['a list', ['7'], 'wrong-type'],
    ['no text', '', 'empty-text'],
    ['256 bytes', 'x'.repeat(256), 'too-long'],
    ['256 bytes of 64 characters', '😀'.repeat(64), 'too-long'],
    ['a lone surrogate', 'a\udc00', 'malformed-unicode'],
    ['a line break', 'a\nb', 'control-character'],
    ['a C1 control character', 'a\u0085', 'control-character'],
    ['a separator', 'a:b', 'forbidden-separator'],
    ['a reserved name', 'total', 'reserved-name'],
  ])('refuses %s as a segment', (_what, segment, reason) => {
    expect(checkSegments(shelves, { Country: 'NL', Shelf: segment })).toEqual({
      code: 'invalid',
      reason,
      dimension: 'Shelf',
    });
  });

  it('refuses a path that is longer than a key of DynamoDB', () => {
    const dimensions = Array.from({ length: 9 }, (_, index) => `D${index}`);
    const hierarchy = createHierarchy({ dimensions });
    const segmentsOf = (length: number): Map<string, string> =>
      new Map(dimensions.map((dimension) => [dimension, 'x'.repeat(length)]));
    // Nine segments and eight separators: 2,033 and 2,060 of 2,048 bytes.
    expect(checkSegments(hierarchy, segmentsOf(225)).code).toBe('valid');
    expect(checkSegments(hierarchy, segmentsOf(228))).toEqual({
      code: 'invalid',
      reason: 'too-long',
      dimension: 'D8',
    });
  });
});
