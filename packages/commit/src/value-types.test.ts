import { describe, expect, it } from 'vitest';
import { isNumber } from './value-types.ts';

describe('isNumber', () => {
  it.each([
    '0',
    '-12.50',
    '1e3',
    `0.${'0'.repeat(100)}1`,
    `${'9'.repeat(38)}000`,
    `1.${'0'.repeat(254)}`,
    '-9.9e125',
    `${'9'.repeat(38)}E88`,
    '1.5e-130',
    `0.${'0'.repeat(129)}1`,
    '0e999',
    '-0e-9999',
    `${'0'.repeat(200)}.0`,
  ])('takes %s', (text) => {
    expect(isNumber(text)).toBe(true);
  });

  it.each([
    '',
    '-',
    '+1',
    '.5',
    '1,5',
    '9'.repeat(39),
    `1.${'0'.repeat(38)}1`,
    '1e126',
    `1${'0'.repeat(126)}`,
    '-9.9e-131',
    `0.${'0'.repeat(130)}1`,
    `1e${'9'.repeat(100)}`,
    '0e99999999999',
    '0.0e-99999999999',
  ])('refuses %j', (text) => {
    expect(isNumber(text)).toBe(false);
  });

  it('refuses a longer text unread, so that no number takes more time than others', () => {
    expect(isNumber(`1.${'0'.repeat(255)}`)).toBe(false);
    expect(isNumber(`1.${'0'.repeat(100_000)}1`)).toBe(false);
  });
});
