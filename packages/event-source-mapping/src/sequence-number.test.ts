import { describe, expect, it } from 'vitest';
import { compareSequenceNumbers, isSequenceNumber } from './sequence-number.ts';

describe('isSequenceNumber', () => {
  it.each(['0', '000101', '9'.repeat(129)])('takes %s', (text) => {
    expect(isSequenceNumber(text)).toBe(true);
  });

  it.each(['', '-1', '1a', 'a1', '1.0', ' 1', '1\n', '1'.repeat(130)])('refuses %j', (text) => {
    expect(isSequenceNumber(text)).toBe(false);
  });
});

describe('compareSequenceNumbers', () => {
  const inOrder = ['0', '1', '9', '10', '99', '100', '9'.repeat(56), `1${'0'.repeat(56)}`];

  it('orders as numbers, not as texts, and whatever leading zeros they have', () => {
    for (const [at, left] of inOrder.entries()) {
      for (const [other, right] of inOrder.entries()) {
        for (const [zeros, more] of [
          ['', ''],
          ['00', ''],
          ['', '0'],
          ['000', '0'],
        ] as const) {
          const sign = Math.sign(compareSequenceNumbers(zeros + left, more + right));
          expect(sign).toBe(Math.sign(at - other));
        }
      }
    }
  });
});
