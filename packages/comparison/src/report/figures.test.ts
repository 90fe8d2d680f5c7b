import { describe, expect, it } from 'vitest';
import {
  formatDollars,
  formatMilliseconds,
  formatQuantity,
  formatRatio,
  signMilliseconds,
} from './figures.ts';

describe('figures', () => {
  it('have few digits', () => {
    expect([1, 2.5, 1.006, 2494, 138.25].map(formatQuantity)).toEqual(['1', '2.5', '1.01', '2,494', '138.3']);
    expect([0, 7.123, 99.96, 1234.5].map(formatMilliseconds)).toEqual([
      '0 ms',
      '7.12 ms',
      '100 ms',
      '1,235 ms',
    ]);
    expect([0.5, -0.25, 0].map(signMilliseconds)).toEqual(['+0.5 ms', '−0.25 ms', '0 ms']);
    expect([1, 1.715, 12.34].map(formatRatio)).toEqual(['1.00×', '1.72×', '12.3×']);
    expect([0, 1234.5, 0.0141, -0.5].map(formatDollars)).toEqual(['$0.00', '$1,234.50', '$0.014', '−$0.5']);
  });
});
