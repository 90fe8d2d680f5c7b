/**
 * Goal: sums are right whatever the records are and however they are grouped.
 * Method: laws over generated records, each against a reference that does not use the code under test: arithmetic on
 * decimal digits as text.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDecimals,
  type Contribution,
  checkDecimal,
  checkSegments,
  contributionOfChange,
  createHierarchy,
  createKeyPattern,
  type Decimal,
  formatContribution,
  formatDecimal,
  type Leaf,
  mergeContributions,
  negate,
  type PathFormat,
  parseContribution,
  parseDecimal,
  parseSum,
  type Rounding,
  rollUp,
  toDecimal,
  zero,
} from './index.ts';

const UNITS_MAX = 10n ** 30n - 1n;

const decimal = fc.bigInt({ min: -UNITS_MAX, max: UNITS_MAX }).map((units) => units as Decimal);
const key = fc.oneof(
  fc.constantFrom('PV', 'Delta', '__proto__', 'constructor', '10', '9'),
  fc.string({ unit: 'binary' }),
);
const contribution: fc.Arbitrary<Contribution> = fc
  .array(fc.tuple(key, decimal), { maxLength: 12 })
  .map((entries) => new Map(entries));

const path = fc.tuple(
  fc.constantFrom('PV', 'Delta'),
  fc.constantFrom('FXSpot', '__proto__', "Trader's"),
  fc.constantFrom('EMEA', 'APAC'),
);
const leaf: fc.Arbitrary<Leaf> = fc.record({ path, measure: decimal });

/** A history of one record: present or absent after each step. */
const history = fc.array(fc.option(leaf, { nil: undefined }), { maxLength: 8 });

function sameSums(one: Contribution, other: Contribution): void {
  const sorted = (of: Contribution): [string, Decimal][] => [...of].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(sorted(one)).toEqual(sorted(other));
}

describe('formatDecimal and parseSum', () => {
  it('are inverse to each other', () => {
    fc.assert(
      fc.property(decimal, (value) => {
        const text = formatDecimal(value);
        expect(parseSum(text)).toBe(value);
        expect(parseDecimal(text)).toBe(value);
        expect(text).toMatch(/^(0|-?(0\.\d*[1-9]|[1-9]\d*(\.\d*[1-9])?))$/);
      }),
    );
  });

  it('know one value in all its spellings', () => {
    fc.assert(
      fc.property(
        decimal,
        fc.integer({ min: -40, max: 40 }),
        fc.nat({ max: 20 }),
        (value, exponent, zeros) => {
          expect(parseSum(`${shiftPoint(formatDecimal(value), -exponent, zeros)}e${exponent}`)).toBe(value);
        },
      ),
    );
  });

  it('read short numbers as they read any, which those with an exponent are', () => {
    const text = fc.string({ unit: fc.constantFrom(...'00123456789.-'), maxLength: 20 });
    const sensible = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.bigInt({ min: 0n, max: 10n ** 18n }),
        fc.stringMatching(/^(\.[0-9]{1,13})?$/),
      )
      .map((parts) => parts.join(''));
    const options = fc.constantFrom(undefined, { fractionDigitsMax: 2 }, {
      fractionDigitsMax: 1,
      rounding: 'up',
    } as const);
    fc.assert(
      fc.property(fc.oneof(text, sensible), options, (number, option) => {
        expect(checkDecimal(number, option)).toBe(checkDecimal(`${number}e0`, option));
      }),
      { numRuns: 2_000 },
    );
  });

  it('never answer anything but a decimal or an error with a code', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.-+eE x') }), (text) => {
        try {
          const value = parseSum(text);
          expect(Number(formatDecimal(value))).toBeCloseTo(Number(text), 6);
        } catch (error) {
          expect(error).toHaveProperty('code');
        }
      }),
    );
  });
});

describe('parseDecimal with rounding', () => {
  const roundings = ['half-even', 'half-up', 'down', 'up'] as const;
  const place = fc.integer({ min: 0, max: 12 });
  /** Digits with a point before, within or behind them; ties and long nines are as likely as anything. */
  const anyNumber = fc.record({
    digits: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.constantFrom(5n, 15n, 25n, 995n, 999n, 1n)),
    exponent: fc.integer({ min: -42, max: 3 }),
    isNegative: fc.boolean(),
  });
  const textOf = ({
    digits,
    exponent,
    isNegative,
  }: typeof anyNumber extends fc.Arbitrary<infer T> ? T : never) =>
    `${isNegative ? '-' : ''}${digits}e${exponent}`;

  it('gives what rounding the fraction of two integers gives', () => {
    fc.assert(
      fc.property(anyNumber, place, fc.constantFrom(...roundings), (number, fractionDigitsMax, rounding) => {
        const numerator = number.digits * 10n ** BigInt(Math.max(number.exponent, 0) + fractionDigitsMax);
        const denominator = 10n ** BigInt(Math.max(-number.exponent, 0));
        const magnitude =
          roundFraction(numerator, denominator, rounding) * 10n ** BigInt(12 - fractionDigitsMax);
        const isInRange = magnitude < 10n ** 30n && number.digits < 10n ** 18n * denominator;
        expect(checkDecimal(textOf(number), { fractionDigitsMax, rounding })).toBe(
          isInRange ? magnitude * (number.isNegative ? -1n : 1n) : 'too-many-integer-digits',
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('retracts what it added, keeps what needs no rounding, and changes nothing the second time', () => {
    fc.assert(
      fc.property(anyNumber, place, fc.constantFrom(...roundings), (number, fractionDigitsMax, rounding) => {
        const options = { fractionDigitsMax, rounding };
        const [value, opposite] = [number, { ...number, isNegative: !number.isNegative }].map((of) =>
          checkDecimal(textOf(of), options),
        );
        const exact = checkDecimal(textOf(number), { fractionDigitsMax });
        expect(exact === 'too-many-fraction-digits' || exact === value).toBe(true);
        if (typeof value === 'bigint') {
          expect(opposite).toBe(negate(value));
          expect(parseDecimal(formatDecimal(value), options)).toBe(value);
          expect(parseDecimal(formatDecimal(value), { fractionDigitsMax })).toBe(value);
        }
      }),
    );
  });
});

describe('toDecimal', () => {
  it('takes each safe integer as its text is taken, and decimals as they are', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), decimal, (integer, value) => {
        expect(toDecimal(integer)).toBe(parseDecimal(String(integer)));
        expect(toDecimal(value)).toBe(value);
        expect(toDecimal(formatDecimal(value))).toBe(value);
      }),
    );
  });
});

describe('addDecimals', () => {
  it('adds as digits are added on paper', () => {
    fc.assert(
      fc.property(fc.array(decimal, { maxLength: 20 }), (values) => {
        const sum = values.reduce(addDecimals, zero);
        const positive = values.filter((value) => value >= 0n).map(formatDecimal);
        const negative = values.filter((value) => value < 0n).map((value) => formatDecimal(negate(value)));
        const difference = parseSum(negative.reduce(addOnPaper, '0'));
        expect(formatDecimal(addDecimals(sum, difference))).toBe(positive.reduce(addOnPaper, '0'));
      }),
    );
  });
});

describe('mergeContributions', () => {
  it('gives the same sums wherever a batch is cut', () => {
    fc.assert(
      fc.property(fc.array(contribution, { maxLength: 10 }), fc.nat(), (batch, cut) => {
        const at = cut % (batch.length + 1);
        const parts = [mergeContributions(batch.slice(0, at)), mergeContributions(batch.slice(at))];
        expect([...mergeContributions(parts)]).toEqual([...mergeContributions(batch)]);
      }),
    );
  });

  it('gives the same sums in any order', () => {
    fc.assert(
      fc.property(fc.array(contribution, { maxLength: 10 }), (batch) => {
        sameSums(mergeContributions(batch.toReversed()), mergeContributions(batch));
      }),
    );
  });

  it('leaves what it was given as it was', () => {
    fc.assert(
      fc.property(fc.array(contribution, { maxLength: 5 }), (batch) => {
        const before = batch.map(formatContribution);
        mergeContributions(batch);
        expect(batch.map(formatContribution)).toEqual(before);
      }),
    );
  });
});

describe('formatContribution and parseContribution', () => {
  it('are inverse to each other, order included', () => {
    fc.assert(
      fc.property(contribution, (original) => {
        const text = formatContribution(original);
        expect([...parseContribution(text)]).toEqual([...original]);
        expect(Object.keys(JSON.parse(text))).toHaveLength(original.size);
      }),
    );
  });
});

describe('contributionOfChange', () => {
  it('adds up over a history to the last state and nothing else', () => {
    fc.assert(
      fc.property(history, (states) => {
        const changes = states.map((after, index) => contributionOfChange(states[index - 1], after));
        const sums = [...mergeContributions(changes)].filter(([, sum]) => sum !== 0n);
        const last = states.at(-1);
        const expected = last === undefined ? [] : [...rollUp(last.path, last.measure)];
        sameSums(new Map(sums), new Map(expected.filter(([, sum]) => sum !== 0n)));
      }),
    );
  });

  it('is retracted by the change in the other direction', () => {
    fc.assert(
      fc.property(
        fc.option(leaf, { nil: undefined }),
        fc.option(leaf, { nil: undefined }),
        (before, after) => {
          const both = mergeContributions([
            contributionOfChange(before, after),
            contributionOfChange(after, before),
          ]);
          expect([...both.values()].every((sum) => sum === 0n)).toBe(true);
        },
      ),
    );
  });

  it('keeps each parent the sum of its children', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(leaf, leaf), { maxLength: 10 }), (changes) => {
        const sums = mergeContributions(
          changes.map(([before, after]) => contributionOfChange(before, after)),
        );
        for (const [node, sum] of sums) {
          const children = [...sums].filter(([other]) => other.slice(0, other.lastIndexOf(':')) === node);
          if (node.split(':').length < 3) {
            expect(children.reduce((total, [, value]) => addDecimals(total, value), zero)).toBe(sum);
          }
        }
      }),
    );
  });
});

describe('checkSegments', () => {
  it('never lets two paths have the same node', () => {
    const hierarchy = createHierarchy({ dimensions: ['A', 'B', 'C'] });
    const segment = fc.string({ unit: fc.constantFrom('a', ':', 'b', '\u0000'), maxLength: 3 });
    const record = fc.record({ A: segment, B: segment, C: segment });
    fc.assert(
      fc.property(record, record, (one, other) => {
        const [first, second] = [checkSegments(hierarchy, one), checkSegments(hierarchy, other)];
        if (first.code === 'valid' && second.code === 'valid') {
          const isSameNode = first.path.join(':') === second.path.join(':');
          expect(isSameNode).toBe(JSON.stringify(first.path) === JSON.stringify(second.path));
        }
      }),
    );
  });
});

describe('rollUp', () => {
  const formats: readonly PathFormat[] = [':', '::', '#', '>a>', 'é:'].flatMap((separator) => [
    { separator },
    { separator, escape: true },
  ]);
  const part = fc.string({ unit: fc.constantFrom('a', ':', '>', '%', '3A', '\ud800', 'é'), maxLength: 3 });
  const anyPath = fc.array(part, { minLength: 1, maxLength: 4 });

  it.each(formats)('never gives two paths the same node, or refuses one of them, with %o', (format) => {
    const nodesOf = (segments: readonly string[]): readonly (readonly [string, string])[] => {
      try {
        const nodes = [...rollUp(segments, parseDecimal('1'), format).keys()];
        return nodes.map((node, level) => [node, JSON.stringify(segments.slice(0, level + 1))] as const);
      } catch (error) {
        expect(error).toHaveProperty('code', 'bad-segment');
        return [];
      }
    };
    fc.assert(
      fc.property(anyPath, anyPath, (one, other) => {
        const pathByNode = new Map(nodesOf(one));
        for (const [node, path] of nodesOf(other)) {
          expect(node).not.toBe('');
          expect(pathByNode.get(node) ?? path).toBe(path);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('escapes as a key pattern of the same separators does, and gives the leaf the key of the pattern', () => {
    const { format } = createKeyPattern('{a}>:{b}>:{c}');
    fc.assert(
      fc.property(fc.array(part, { minLength: 3, maxLength: 3 }), ([a = '', b = '', c = '']) => {
        fc.pre([a, b, c].every((segment) => segment !== '' && segment.isWellFormed()));
        const nodes = rollUp([a, b, c], parseDecimal('1'), { separator: '>:', escape: true });
        expect([...nodes.keys()].at(-1)).toBe(format({ a, b, c }));
      }),
    );
  });
});

/** Rounds a fraction of two integers, neither negative, by comparing what is left with half of the denominator. */
function roundFraction(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  const floor = numerator / denominator;
  const rest = numerator % denominator;
  const isUp = {
    down: false,
    up: rest > 0n,
    'half-up': 2n * rest >= denominator,
    'half-even': 2n * rest > denominator || (2n * rest === denominator && floor % 2n === 1n),
  }[rounding];
  return isUp ? floor + 1n : floor;
}

/** Moves the decimal point of a plain decimal to the right, or to the left, and appends idle zeros to the fraction. */
function shiftPoint(text: string, places: number, zeros: number): string {
  const sign = text.startsWith('-') ? '-' : '';
  const [integer = '', fraction = ''] = text.replace('-', '').split('.');
  const padded = '0'.repeat(60) + integer + fraction + '0'.repeat(60);
  const pointAt = 60 + integer.length + places;
  const whole = padded.slice(0, pointAt).replace(/^0+/, '') || '0';
  const rest = padded.slice(pointAt).replace(/0+$/, '') + '0'.repeat(zeros);
  return sign + whole + (rest === '' ? '' : `.${rest}`);
}

/** Adds two plain decimals without a sign, digit by digit from the right with a carry. */
function addOnPaper(one: string, other: string): string {
  const [a, b] = [alignDigits(one), alignDigits(other)];
  let carry = 0;
  let digits = '';
  for (let index = a.length - 1; index >= 0; index -= 1) {
    const sum = Number(a[index]) + Number(b[index]) + carry;
    digits = String(sum % 10) + digits;
    carry = sum >= 10 ? 1 : 0;
  }
  const integer = digits.slice(0, -12).replace(/^0+(?=\d)/, '');
  const fraction = digits.slice(-12).replace(/0+$/, '');
  return fraction === '' ? integer : `${integer}.${fraction}`;
}

function alignDigits(text: string): string {
  const [integer = '', fraction = ''] = text.split('.');
  return integer.padStart(30, '0') + fraction.padEnd(12, '0');
}
