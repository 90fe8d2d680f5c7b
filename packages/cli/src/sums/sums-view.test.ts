import { parseSum } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { createPalette } from '../terminal/palette.ts';
import { compareSum } from './compare-sums.ts';
import { sumsView } from './sums-view.ts';

const rows = [
  compareSum(
    'PV',
    parseSum('1234567890123456789012345.1'),
    parseSum('1234567890123456789012345.100000000001'),
  ),
  compareSum('PV:FXSpot', parseSum('-2.5'), parseSum('-2.5')),
  compareSum('message_count', parseSum('3'), parseSum('2')),
];

describe('sumsView', () => {
  it('shows every digit, with the points below each other, and marks what is wrong', () => {
    expect(sumsView(rows, createPalette(false)).split('\n')).toEqual([
      '┌───────────────┬─────────────────────────────┬────────────────────────────────────────┬─────────────────┬───────┐',
      '│ aggregate key │                    expected │                                 actual │      difference │       │',
      '├───────────────┼─────────────────────────────┼────────────────────────────────────────┼─────────────────┼───────┤',
      '│ PV            │ 1234567890123456789012345.1 │ 1234567890123456789012345.100000000001 │ +0.000000000001 │ WRONG │',
      '│ PV:FXSpot     │                        -2.5 │                        -2.5            │  0              │ exact │',
      '│ message_count │                         3   │                         2              │ -1              │ WRONG │',
      '└───────────────┴─────────────────────────────┴────────────────────────────────────────┴─────────────────┴───────┘',
    ]);
  });

  it('writes keys so that a terminal cannot take them for orders', () => {
    const forged = compareSum('a\u001b[31m\u202eb', parseSum('0'), parseSum('1'));
    expect(sumsView([forged], createPalette(false))).toContain('a\\u{1b}[31m\\u{202e}b');
  });

  it('has colours only where they are wanted', () => {
    expect(sumsView(rows, createPalette(false))).not.toContain('\u001b');
    expect(sumsView(rows, createPalette(true))).toContain('\u001b[31mWRONG');
  });
});
