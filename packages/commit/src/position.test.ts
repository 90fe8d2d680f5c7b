import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StrategyError } from './errors.ts';
import { formatPosition, isPosition, POSITION_OF_START, SUB_SEQUENCE_NUMBER_MAX } from './position.ts';

const sequenceNumber = fc
  .array(fc.constantFrom(...'0123456789'), { minLength: 1, maxLength: 129 })
  .map((digits) => digits.join(''));
const subSequenceNumber = fc.nat({ max: SUB_SEQUENCE_NUMBER_MAX });

describe('formatPosition', () => {
  it('writes 129 digits, a full stop and 10 digits', () => {
    expect(formatPosition('42', 7)).toBe(`${'0'.repeat(127)}42.0000000007`);
    expect(formatPosition('42')).toBe(`${'0'.repeat(127)}42.0000000000`);
    expect(formatPosition('9'.repeat(129), SUB_SEQUENCE_NUMBER_MAX)).toBe(`${'9'.repeat(129)}.9999999999`);
  });

  it('orders as text what is ordered as numbers', () => {
    fc.assert(
      fc.property(
        sequenceNumber,
        subSequenceNumber,
        sequenceNumber,
        subSequenceNumber,
        (a, subA, b, subB) => {
          const isLower = BigInt(a) < BigInt(b) || (BigInt(a) === BigInt(b) && subA < subB);
          expect(formatPosition(a, subA) < formatPosition(b, subB)).toBe(isLower);
          expect(formatPosition(a, subA) > POSITION_OF_START).toBe(true);
        },
      ),
    );
  });

  it.each(['', '-1', '1.5', '1e3', ' 1', '1 ', 'x1', '1x', '1'.repeat(130), 42, undefined])(
    'refuses the sequence number %j',
    (text) => {
      expect(() => formatPosition(text as string)).toThrow(
        new StrategyError('a sequence number must be text of 1 to 129 decimal digits'),
      );
    },
  );

  it.each([-1, 1.5, Number.NaN, SUB_SEQUENCE_NUMBER_MAX + 1, '1' as never])(
    'refuses the sub-sequence number %j',
    (subSequence) => {
      expect(() => formatPosition('1', subSequence)).toThrow(
        new StrategyError('a sub-sequence number must be an integer from 0 to 9999999999'),
      );
    },
  );
});

describe('isPosition', () => {
  it('knows what formatPosition writes, and the start of a shard', () => {
    fc.assert(
      fc.property(sequenceNumber, subSequenceNumber, (sequence, subSequence) => {
        expect(isPosition(formatPosition(sequence, subSequence))).toBe(true);
      }),
    );
    expect(isPosition(POSITION_OF_START)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['the position of release 0.1.0', '42'],
    ['text before it', `x${formatPosition('1')}`],
    ['text after it', `${formatPosition('1')}x`],
    ['a letter among its digits', formatPosition('1').replace('1', 'x')],
    ['a letter behind its full stop', formatPosition('1', 1).replace(/1$/, 'x')],
    ['another sign for its full stop', formatPosition('1').replace('.', '0')],
    ['a digit too few', formatPosition('1').slice(1)],
    ['a digit too few behind its full stop', formatPosition('1').slice(0, -1)],
  ])('does not take %s for a position', (_, text) => {
    expect(isPosition(text)).toBe(false);
  });
});
