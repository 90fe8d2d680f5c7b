import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownTable, number, rounded } from './markdown-table.ts';

describe('markdownTable', () => {
  it('has a line below its head, and as many cells in each row', () => {
    expect(
      markdownTable(
        ['a', 'b'],
        [
          [1, 'x'],
          [2, 'y'],
        ],
      ),
    ).toBe('| a | b |\n| --- | --- |\n| 1 | x |\n| 2 | y |');
  });
});

describe('number', () => {
  it.each([
    [1_234_567, 0, '1,234,567'],
    [0.126, 2, '0.13'],
    [2, 2, '2'],
  ])('writes %d with at most %d digits after the point as %s', (value, digits, text) => {
    expect(number(value, digits)).toBe(text);
  });
});

describe('rounded', () => {
  it('is within a twentieth of what it rounds, however small', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (value) => {
        const shown = Number(rounded(value).replaceAll(',', ''));
        expect(Math.abs(shown / value - 1)).toBeLessThanOrEqual(0.0501);
      }),
    );
  });
});
