// Law: every spelling of a JavaScript number is read as that number, and a spelling that says more than a JavaScript number holds is refused.
// Method: a number's digits are spelt with the decimal point moved, with zeros on either side, and with digits that no number has.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readJson, toPlain } from './read-json.ts';

const read = (text: string) => toPlain(readJson(Buffer.from(text)), 'exact');

/** A number as a sign, its significant digits, and the power of ten behind the first of them. */
const numbers = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => value !== 0)
  .map((value) => {
    const [mantissa = '', power] = Math.abs(value).toExponential().split('e');
    return { value, sign: value < 0 ? '-' : '', digits: mantissa.replace('.', ''), power: Number(power) };
  });
const zeros = fc.nat(40).map((count) => '0'.repeat(count));

it('reads every spelling of a JavaScript number as that number', () => {
  fc.assert(
    fc.property(numbers, zeros, zeros, ({ value, sign, digits, power }, before, behind) => {
      const fraction = digits.length - 1;
      expect([
        read(`${sign}${digits}${behind}e${power - fraction - behind.length}`),
        read(`${sign}0.${before}${digits}${behind}E${power + 1 + before.length}`),
        read(`${sign}${digits.charAt(0)}.${digits.slice(1)}0${behind}e${power < 0 ? '' : '+'}${power}`),
      ]).toEqual([value, value, value]);
    }),
  );
});

it('refuses a number with a digit that no JavaScript number has', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 9 }), zeros, ({ sign, digits, power }, more, between) => {
      const text = `${sign}0.${digits.padEnd(20, '0')}${between}${more}e${power + 1}`;
      expect(() => read(text)).toThrow(expect.objectContaining({ reason: 'inexact-number' }));
    }),
  );
});
