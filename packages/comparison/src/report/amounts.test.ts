import { describe, expect, it } from 'vitest';
import { formatShare, gradeShare, groupDigits, shareWrong, shortenAmount, signAmount } from './amounts.ts';
import type { Difference } from './comparison-report.ts';

function difference(duplicated: string, lost: string): Difference {
  return { duplicated, lost, messageCount: '0', nodesWrong: 1, nodes: 1, byNode: [] };
}

describe('shortenAmount', () => {
  it('keeps three digits, and never shows a small amount as zero', () => {
    expect(['5024411.25', '61502.37', '999.994', '0.01', '0.000000000001', '0'].map(shortenAmount)).toEqual([
      '5.02M',
      '61.5K',
      '1K',
      '0.01',
      '1e-12',
      '0',
    ]);
  });

  it('has a true minus sign before the amount, not in the exponent', () => {
    expect(['-1200', '-0.000000000001'].map(shortenAmount)).toEqual(['−1.2K', '−1e-12']);
  });
});

describe('groupDigits', () => {
  it('keeps every digit', () => {
    expect(groupDigits('12345678901234567890123456.123456789012')).toBe(
      '12,345,678,901,234,567,890,123,456.123456789012',
    );
    expect(['0', '-100', '-1000.5', '999'].map(groupDigits)).toEqual(['0', '−100', '−1,000.5', '999']);
  });
});

describe('signAmount', () => {
  it('adds a plus sign to what is above zero', () => {
    expect(['1000', '0', '-1'].map(signAmount)).toEqual(['+1,000', '0', '−1']);
  });
});

describe('shareWrong', () => {
  it('divides lost and duplicated amounts by the size of the total', () => {
    expect(shareWrong(difference('10', '15'), '-100')).toBe(0.25);
    expect(shareWrong(difference('0', '0'), '0')).toBe(0);
  });

  it('is infinite where the total is zero', () => {
    const share = shareWrong(difference('1', '0'), '0');
    expect(gradeShare(share)).toBe(4);
    expect(formatShare(share)).toBe('');
  });
});

describe('gradeShare and formatShare', () => {
  it('use powers of ten', () => {
    const shares = [0.00001, 0.0009, 0.001, 0.0246, 0.1, 12.3];
    expect(shares.map(gradeShare)).toEqual([1, 1, 2, 3, 4, 4]);
    expect(shares.map(formatShare)).toEqual(['< 0.01 %', '0.09 %', '0.1 %', '2.5 %', '10 %', '1,200 %']);
  });
});
