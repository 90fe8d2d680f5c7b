import { describe, expect, it } from 'vitest';
import {
  checkSegments,
  contributionOfChange,
  createHierarchy,
  formatContribution,
  mergeContributions,
  type PathFormat,
  parseDecimal,
  rollUp,
} from './index.ts';

describe('rollUp', () => {
  it('gives the measure to each node of the path', () => {
    expect(formatContribution(rollUp(['PV', 'FXSpot', 'EMEA'], parseDecimal('2.5')))).toBe(
      '{"PV":"2.5","PV:FXSpot":"2.5","PV:FXSpot:EMEA":"2.5"}',
    );
  });

  const badSegment = 'path[1] must be well-formed text, not empty, without :; use checkSegments for input.';
  it.each([
    ['no segment', [], 'wrong-count', 'path must hold 1 segment or more.'],
    ['a separator', ['PV', 'FXSpot:EMEA'], 'bad-segment', badSegment],
    ['an empty segment', ['PV', '', 'EMEA'], 'bad-segment', badSegment],
    ['a lone surrogate, which DynamoDB would replace', ['PV', '\ud800'], 'bad-segment', badSegment],
    ['a number', ['PV', 7 as never], 'bad-segment', badSegment],
    [
      'a key of 2,049 bytes',
      ['é'.repeat(1_000), 'x'.repeat(48)],
      'bad-segment',
      'path must make a key of at most 2048 bytes.',
    ],
  ])('refuses a path with %s, rather than forge a key', (_what, path, code, message) => {
    const measure = parseDecimal('1');
    const refusal = expect.objectContaining({ name: 'HierarchyError', code, message });
    expect(() => rollUp(path, measure)).toThrow(refusal);
    expect(() => contributionOfChange({ path, measure }, undefined)).toThrow(refusal);
  });

  it('joins with another separator and refuses its characters, or escapes them', () => {
    const measure = parseDecimal('1');
    const keysOf = (path: readonly string[], format: PathFormat): readonly string[] => [
      ...rollUp(path, measure, format).keys(),
    ];
    expect(keysOf(['eu:west', '7'], { separator: '#' })).toEqual(['eu:west', 'eu:west#7']);
    expect(keysOf(['eu:west', '7%'], { escape: true })).toEqual(['eu%3Awest', 'eu%3Awest:7%25']);
    expect(
      keysOf(['a#b', 'c'], createHierarchy({ dimensions: ['A'], separator: '#', escape: true })),
    ).toEqual(['a%23b', 'a%23b#c']);
    expect(() => rollUp(['a', ':b'], measure, { separator: '::' })).toThrow(
      expect.objectContaining({
        code: 'bad-segment',
        message: 'path[1] must be well-formed text, not empty, without :; use checkSegments for input.',
      }),
    );
    expect(() => rollUp(['a-'], measure, { separator: '>-' })).toThrow('not empty, without > or -; use');
    expect(() => rollUp([''], measure, { escape: true })).toThrow(
      'well-formed text, not empty; use checkSegments',
    );
    expect(() => rollUp(['a'], measure, { separator: '' })).toThrow(
      expect.objectContaining({ code: 'bad-separator' }),
    );
  });

  it('takes a key of 2,048 bytes', () => {
    expect(rollUp(['é'.repeat(1_000), 'x'.repeat(47)], parseDecimal('1')).size).toBe(2);
  });

  it('sums records of another domain over 5 levels and 1,000 leaves', () => {
    const hierarchy = createHierarchy({ dimensions: ['Continent', 'Country', 'City', 'Shop', 'Shelf'] });
    const widths = [5, 5, 5, 4, 2];
    const contributions = Array.from({ length: 1000 }, (_, leaf) => {
      let rest = leaf;
      const segments = new Map<string, string>();
      for (const [level, width] of widths.entries()) {
        segments.set(hierarchy.dimensions[level] ?? '', String(rest % width));
        rest = Math.floor(rest / width);
      }
      const check = checkSegments(hierarchy, segments);
      expect(check.code).toBe('valid');
      return rollUp(check.code === 'valid' ? check.path : [], parseDecimal('0.01'));
    });
    const sums = mergeContributions(contributions);
    expect(sums.size).toBe(5 + 25 + 125 + 500 + 1000);
    for (const [node, sum] of sums) {
      const leavesBelow = widths.slice(node.split(':').length).reduce((product, width) => product * width, 1);
      expect(sum).toBe(parseDecimal('0.01') * BigInt(leavesBelow));
    }
  });
});

describe('contributionOfChange', () => {
  it('names old nodes first and keeps a node whose sum is zero', () => {
    const measure = parseDecimal('3');
    const change = contributionOfChange({ path: ['NL', '1'], measure }, { path: ['NL', '2'], measure });
    expect(formatContribution(change)).toBe('{"NL":"0","NL:1":"-3","NL:2":"3"}');
  });

  it('makes both paths with the format that it is given', () => {
    const measure = parseDecimal('3');
    const format = { separator: '/', escape: true };
    const change = contributionOfChange({ path: ['a/b'], measure }, { path: ['a', 'b'], measure }, format);
    expect(formatContribution(change)).toBe('{"a%2Fb":"-3","a":"3","a/b":"3"}');
  });
});
