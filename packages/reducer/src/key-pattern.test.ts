import { describe, expect, it } from 'vitest';
import { createKeyPattern, KeyPatternError, type KeyPatternErrorCode, utf8Length } from './index.ts';

const pageDay = createKeyPattern('PAGE#{page}#DAY#{day}');

function errorOf(action: () => unknown): KeyPatternError {
  try {
    action();
  } catch (error) {
    if (error instanceof KeyPatternError) {
      expect(error.name).toBe('KeyPatternError');
      return error;
    }
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('createKeyPattern', () => {
  it.each<[pattern: unknown, code: KeyPatternErrorCode, message: string]>([
    [undefined, 'not-text', 'A key pattern must be text, but it is undefined.'],
    [['PAGE#{page}'], 'not-text', 'A key pattern must be text, but it is an object.'],
    ['', 'empty-pattern', 'A key pattern must hold a part in braces, or fixed text.'],
    ['PAGE%{page}', 'bad-literal', 'A key pattern must be well-formed text without %, which escapes.'],
    ['PAGE\ud800{page}', 'bad-literal', 'A key pattern must be well-formed text without %, which escapes.'],
    ...['{', '}', 'PAGE#{page', 'PAGE#page}', 'PAGE#{page}}', '{{page}}', '}{', '{page}#{', 'a}#{page}'].map(
      (pattern): [string, KeyPatternErrorCode, string] => [
        pattern,
        'unbalanced-braces',
        'Each { of a key pattern needs its }, with a name between them.',
      ],
    ),
    ...['{}', '{ page }', '{__proto__}', '{7}', '{page-id}', '{pagé}', '{page\n}'].map(
      (pattern): [string, KeyPatternErrorCode, string] => [
        pattern,
        'bad-name',
        'Part 1 of the key pattern needs a name of letters, digits and _, with a letter first.',
      ],
    ),
    [
      '{page}#{}',
      'bad-name',
      'Part 2 of the key pattern needs a name of letters, digits and _, with a letter first.',
    ],
    ['{page}#{day}#{page}', 'duplicate-name', 'The key pattern has the part page twice.'],
    ...['{page}{day}', '{page}x{day}', '#{page}DAY0{day}'].map(
      (pattern): [string, KeyPatternErrorCode, string] => [
        pattern,
        'no-separator',
        'The key pattern needs a separator before day, such as # or :, so that it is plain where the part begins.',
      ],
    ),
    [
      `${'é'.repeat(1_024)}{page}x`,
      'too-long',
      'The key must have at most 2048 UTF-8 bytes: shorten its parts.',
    ],
  ])('refuses %j, and says what is needed', (pattern, code, message) => {
    expect(errorOf(() => createKeyPattern(pattern as string))).toMatchObject({ code, message });
  });

  it.each<[options: object]>([
    [{ bytesMax: 0 }],
    [{ bytesMax: 2_049 }],
    [{ bytesMax: 1.5 }],
    [{ bytesMax: '1024' }],
    [{ bytesMin: 1 }],
  ])('refuses the options %j', (options) => {
    expect(errorOf(() => createKeyPattern('{page}', options))).toMatchObject({
      code: 'bad-options',
      message: 'The only option of a key pattern is bytesMax, an integer from 1 to 2048.',
    });
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(pageDay)).toBe(true);
    expect(Object.isFrozen(pageDay.parts)).toBe(true);
    expect(pageDay.parts).toEqual(['page', 'day']);
  });
});

describe('format and parse', () => {
  it.each<[pattern: string, values: Record<string, string>, key: string]>([
    ['PAGE#{page}#DAY#{day}', { page: '/a', day: '2026-10-25' }, 'PAGE#/a#DAY#2026-10-25'],
    ['REGION#{region}', { region: 'eu:west' }, 'REGION#eu:west'],
    ['{region}:{day}', { region: 'eu:west', day: '2026-10-25T02+01:00' }, 'eu%3Awest:2026-10-25T02+01%3A00'],
    ['{a}#{b}', { a: '1#2', b: '%23' }, '1%232#%2523'],
    ['{a}', { a: '%' }, '%25'],
    ['SITE#TOTAL', {}, 'SITE#TOTAL'],
    ['{a}.*+?^$()[]|\\/-{b}', { a: '.', b: '\\-]' }, '%2E.*+?^$()[]|\\/-%5C%2D%5D'],
    ['{a}DAY#{b}kg', { a: 'DAYDAY', b: 'kgkg' }, 'DAYDAYDAY#kgkgkg'],
    ['STÜCK→{a}😀{b}', { a: 'Ü→ü', b: 'a😀\u{1f601}' }, 'STÜCK→%C3%9C%E2%86%92ü😀a%F0%9F%98%80\u{1f601}'],
    ['{a} {b}\n', { a: 'a b', b: '\n\t' }, 'a%20b %0A\t\n'],
    ['{a}\u0080\u007f{b}', { a: '\u0080', b: '\u007f' }, '%C2%80\u0080\u007f%7F'],
    ['{constructor}', { constructor: 'x' }, 'x'],
  ])('write and read %s', (pattern, values, key) => {
    const { format, parse } = createKeyPattern(pattern);
    expect(format(values)).toBe(key);
    expect(parse(key)).toEqual(values);
  });

  it.each<[text: unknown]>([
    [''],
    ['PAGE#a'],
    ['PAGE##DAY#b'],
    ['PAGE#a#DAY#'],
    ['PAGE#a#b#DAY#c'],
    ['xPAGE#a#DAY#b'],
    ['PAGE#a#DAY#b\n#'],
    ['page#a#day#b'],
    // Another spelling of a key would be another item of the table.
    ['PAGE#%41#DAY#b'],
    ['PAGE#%2#DAY#b'],
    ['PAGE#a%#DAY#b'],
    ['PAGE#%3A#DAY#b'],
    ['PAGE#\ud800#DAY#b'],
    [`PAGE#${'a'.repeat(2_048)}#DAY#b`],
    [undefined],
    [7],
    [['PAGE#a#DAY#b']],
  ])('parse reads %j as no key of the pattern', (text) => {
    expect(pageDay.parse(text as string)).toBeUndefined();
  });

  it('parse takes hexadecimal digits only as they are written', () => {
    const { parse } = createKeyPattern('{a}:{b}');
    expect(parse('a%3Ab:c')).toEqual({ a: 'a:b', b: 'c' });
    expect(parse('a%3ab:c')).toBeUndefined();
  });

  it.each<[what: string, values: object, code: KeyPatternErrorCode, message: string]>([
    [
      'a missing part',
      { page: 'a' },
      'wrong-type',
      'The part day must be text, but is undefined: give it, and numbers as String(value).',
    ],
    [
      'a number',
      { page: 7, day: 'secret' },
      'wrong-type',
      'The part page must be text, but is a number: give it, and numbers as String(value).',
    ],
    [
      'null',
      { page: 'secret', day: null },
      'wrong-type',
      'The part day must be text, but is null: give it, and numbers as String(value).',
    ],
    [
      'an empty part',
      { page: '', day: 'secret' },
      'empty-text',
      'The part page is empty: give a text for what is absent, or no key.',
    ],
    [
      'a lone surrogate, which DynamoDB would replace',
      { page: 'secret\udc00', day: 'x' },
      'malformed-unicode',
      'The part page is no well-formed Unicode: quarantine the record, or use toWellFormed().',
    ],
    [
      'a key that is too long',
      { page: 'é'.repeat(1_000), day: 'x'.repeat(39) },
      'too-long',
      'The key must have at most 2048 UTF-8 bytes: shorten its parts.',
    ],
  ])('format refuses %s, and names the part but not the value', (_what, values, code, message) => {
    expect(errorOf(() => pageDay.format(values as never))).toMatchObject({ code, message });
  });

  it('take a key of as many bytes as are allowed', () => {
    const values = { page: 'é'.repeat(1_000), day: 'x'.repeat(38) };
    const key = pageDay.format(values);
    expect(utf8Length(key)).toBe(2_048);
    expect(pageDay.parse(key)).toEqual(values);

    const sortKey = createKeyPattern('#{a}', { bytesMax: 4 });
    expect(sortKey.format({ a: '€' })).toBe('#€');
    expect(errorOf(() => sortKey.format({ a: '€x' }))).toMatchObject({
      code: 'too-long',
      message: 'The key must have at most 4 UTF-8 bytes: shorten its parts.',
    });
    // What is escaped takes three bytes for one.
    expect(errorOf(() => sortKey.format({ a: '##' })).code).toBe('too-long');
    expect(sortKey.parse('#€x')).toBeUndefined();
  });
});

describe('formatPrefix', () => {
  it('gives what the keys of the leading values begin with', () => {
    expect(pageDay.formatPrefix({})).toBe('PAGE#');
    expect(pageDay.formatPrefix({ page: 'a#b' })).toBe('PAGE#a%23b#DAY#');
  });

  it.each<[what: string, values: object]>([
    ['a part behind one that is absent', { day: 'x' }],
    ['all parts, where a longer last part would be found too', { page: 'x', day: 'x' }],
  ])('refuses %s', (_what, values) => {
    expect(errorOf(() => pageDay.formatPrefix(values))).toMatchObject({
      code: 'bad-prefix',
      message: 'A prefix needs the first parts of the key, and not the last one: use format.',
    });
    expect(errorOf(() => createKeyPattern('TOTAL').formatPrefix({})).code).toBe('bad-prefix');
  });

  it('refuses a part that the pattern does not have, which would give the prefix of all keys', () => {
    const misnamed = { pge: 'x' } as object;
    expect(errorOf(() => pageDay.formatPrefix(misnamed))).toMatchObject({
      code: 'bad-prefix',
      message: 'The key has no part pge; there are page, day.',
    });
  });

  it('takes a part that is named like a method of every object for absent', () => {
    const versions = createKeyPattern('CLASS#{constructor}#{version}');
    expect(versions.formatPrefix({} as never)).toBe('CLASS#');
  });

  it('refuses the values that format refuses', () => {
    expect(errorOf(() => pageDay.formatPrefix({ page: '' })).code).toBe('empty-text');
    expect(errorOf(() => pageDay.formatPrefix({ page: 'x'.repeat(2_040) })).code).toBe('too-long');
  });
});
