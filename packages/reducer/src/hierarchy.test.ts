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

  it('does not follow later changes of what it was given, and takes none itself', () => {
    const dimensions = ['A'];
    const reserved = ['total'];
    const hierarchy = createHierarchy({ dimensions, reserved });
    dimensions.push('B');
    reserved.push('all');
    expect(hierarchy).toMatchObject({ dimensions: ['A'], reserved: ['total'] });
    for (const part of [hierarchy, hierarchy.dimensions, hierarchy.reserved]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('takes 1 to 16 dimensions, with names of up to 255 bytes', () => {
    for (const dimensions of [
      ['é'.repeat(127)],
      Array.from({ length: 16 }, (_, index) => `D${index}`),
      ['x'.repeat(255)],
    ]) {
      expect(createHierarchy({ dimensions }).dimensions).toEqual(dimensions);
    }
  });

  it.each([
    ['no dimensions', { dimensions: [] }, 'wrong-count', 'dimensions must hold 1 to 16 names.'],
    [
      '17 dimensions',
      { dimensions: Array.from({ length: 17 }, (_, index) => `D${index}`) },
      'wrong-count',
      'dimensions must hold 1 to 16 names.',
    ],
    ['an empty name', { dimensions: ['A', ''] }, 'bad-name', 'dimensions[1] must be text of 1 to 255 bytes.'],
    [
      'a number as name',
      { dimensions: [7 as never] },
      'bad-name',
      'dimensions[0] must be text of 1 to 255 bytes.',
    ],
    [
      'a malformed name',
      { dimensions: ['\ud800'] },
      'bad-name',
      'dimensions[0] must be text of 1 to 255 bytes.',
    ],
    [
      'a name of 256 bytes',
      { dimensions: ['é'.repeat(128)] },
      'bad-name',
      'dimensions[0] must be text of 1 to 255 bytes.',
    ],
    ['a name given twice', { dimensions: ['A', 'A'] }, 'duplicate-name', 'dimensions[1] is given twice.'],
    ...['', 'x', 'A7', '%', '#%', '\ud800', '#########', 7 as never, null as never].map(
      (separator): [string, Parameters<typeof createHierarchy>[0], string, string] => [
        `the separator ${JSON.stringify(separator)}`,
        { dimensions: ['A'], separator },
        'bad-separator',
        'separator must be text of 1 to 8 characters without %, at least one of them no letter or digit.',
      ],
    ),
    [
      'an empty reserved name',
      { dimensions: ['A'], reserved: [''] },
      'bad-name',
      'reserved[0] must be text of 1 to 255 bytes.',
    ],
  ])('refuses %s, and says what is allowed', (_what, options, code, message) => {
    expect(() => createHierarchy(options)).toThrow(HierarchyError);
    expect(() => createHierarchy(options)).toThrow(
      expect.objectContaining({ name: 'HierarchyError', code, message }),
    );
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

  it.each(['x'.repeat(255), `${'é'.repeat(127)}x`, "Trader's", '__proto__', 'Total', ' '])(
    'takes %j as a segment',
    (segment) => {
      const path = ['NL', segment];
      expect(checkSegments(shelves, { Country: 'NL', Shelf: segment })).toEqual({ code: 'valid', path });
    },
  );

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

  it('refuses each character of another separator, and takes the usual one', () => {
    const hierarchy = createHierarchy({ dimensions: ['A'], separator: ' >x> ' });
    expect(hierarchy.separator).toBe(' >x> ');
    expect(createHierarchy({ dimensions: ['A'], separator: '########' }).separator).toBe('########');
    for (const segment of [' ', 'a>', '>x']) {
      expect(checkSegments(hierarchy, { A: segment })).toMatchObject({ reason: 'forbidden-separator' });
    }
    for (const segment of ['x', 'a:b', '%3A']) {
      expect(checkSegments(hierarchy, { A: segment })).toEqual({ code: 'valid', path: [segment] });
    }
  });

  it('takes segments with separators as they are where they are escaped', () => {
    const hierarchy = createHierarchy({ dimensions: ['A', 'B'], reserved: ['a%3Ab', '100%'], escape: true });
    expect(hierarchy).toMatchObject({ separator: ':', escape: true });
    expect(checkSegments(hierarchy, { A: 'b:c', B: '%' })).toEqual({ code: 'valid', path: ['b:c', '%'] });
    // The row of the reserved name, and the name itself.
    expect(checkSegments(hierarchy, { A: 'a:b', B: 'x' })).toMatchObject({ reason: 'reserved-name' });
    expect(checkSegments(hierarchy, { A: '100%', B: 'x' })).toMatchObject({ reason: 'reserved-name' });
    expect(checkSegments(hierarchy, { A: 'a', B: '\n' })).toMatchObject({ reason: 'control-character' });
  });

  it('counts the bytes of the key as it is written', () => {
    const dimensions = ['A', 'B', 'C'];
    const longest = { A: ':'.repeat(255), B: ':'.repeat(255), C: ':'.repeat(172) };
    const hierarchy = createHierarchy({ dimensions, escape: true });
    // 3 × 682 and two separators: 2,048 bytes.
    expect(checkSegments(hierarchy, longest).code).toBe('valid');
    expect(checkSegments(hierarchy, { ...longest, C: ':'.repeat(173) })).toMatchObject({
      reason: 'too-long',
      dimension: 'C',
    });
    const wide = createHierarchy({ dimensions: 'ABCDEFGH'.split(''), separator: '→→→→' });
    const segmentsOf = (length: number): Record<string, string> =>
      Object.fromEntries(wide.dimensions.map((dimension) => [dimension, 'x'.repeat(length)]));
    // 8 × 245 and 7 × 12: 2,044 bytes; 8 × 246 and 7 × 12: 2,052.
    expect(checkSegments(wide, segmentsOf(245)).code).toBe('valid');
    expect(checkSegments(wide, segmentsOf(246))).toMatchObject({ reason: 'too-long', dimension: 'H' });
  });

  it('answers the same after more separators than it remembers', () => {
    for (let code = 0x21; code < 0x30; code += 1) {
      const separator = String.fromCharCode(code);
      for (const each of [separator, separator + separator].filter((text) => !text.includes('%'))) {
        const hierarchy = createHierarchy({ dimensions: ['A'], separator: each });
        expect(checkSegments(hierarchy, { A: separator })).toMatchObject({ reason: 'forbidden-separator' });
      }
    }
    // The escaping of `:` is no format for the separator `%:`.
    createHierarchy({ dimensions: ['A'], escape: true });
    expect(() => createHierarchy({ dimensions: ['A'], separator: '%:' })).toThrow(HierarchyError);
  });
});
