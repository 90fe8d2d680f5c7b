import { formatDecimal, parseSum } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeWrites, type WritesByItem } from './merge-writes.ts';
import type { Action, Put, Update } from './transaction-port.ts';

const increment = (by: string, more: Partial<Update> = {}): Update => ({
  type: 'update',
  table: 'Counters',
  key: { Id: { S: 'a' } },
  add: { Value: by },
  ...more,
});
const update = (changes: Partial<Update>): Update => {
  const { add: _, ...place } = increment('0');
  return { ...place, ...changes };
};
const taking = update({
  add: { Value: '-1' },
  condition: { attribute: 'Value', is: '>=', value: { N: '1' } },
});
const put = (text: string, id = 'a'): Put => ({
  type: 'put',
  table: 'Counters',
  key: { Id: { S: id } },
  attributes: { Text: { S: text } },
});
const none: WritesByItem = new Map();
const merge = (...writes: Action[]) => mergeWrites(none, writes);
const merged = (...writes: Action[]): Action[] => {
  const result = merge(...writes);
  expect(result.code).toBe('merged');
  return result.code === 'merged' ? [...result.writes.values()] : [];
};

describe('mergeWrites', () => {
  it('gives back what it was given when there is nothing more', () => {
    const writes = new Map([['name', put('x')]]);
    const result = mergeWrites(writes, []);
    expect(result).toEqual({ code: 'merged', writes });
    expect(result.code === 'merged' && result.writes).toBe(writes);
  });

  it('keeps writes on different items, in their order, and does not change what it was given', () => {
    const writes = new Map();
    expect(mergeWrites(writes, [put('x', 'b'), put('x', 'a')])).toEqual({
      code: 'merged',
      writes: new Map([
        [expect.any(String), put('x', 'b')],
        [expect.any(String), put('x', 'a')],
      ]),
    });
    expect(writes.size).toBe(0);
  });

  it('adds the increments of one number up, exactly, in whatever portions they come', () => {
    const amount = fc
      .bigInt(-(10n ** 30n), 10n ** 30n)
      .map((units) => formatDecimal(units as ReturnType<typeof parseSum>));
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 6 }), fc.nat(), (amounts, at) => {
        const writes = amounts.map((by) => increment(by));
        const first = mergeWrites(none, writes.slice(0, at % writes.length));
        const both =
          first.code === 'merged' ? mergeWrites(first.writes, writes.slice(at % writes.length)) : first;
        const sum = amounts.reduce((total, by) => total + parseSum(by), 0n);
        expect(both.code === 'merged' && [...both.writes.values()]).toEqual([
          increment(formatDecimal(sum as ReturnType<typeof parseSum>)),
        ]);
      }),
    );
  });

  it('merges updates that do not contradict each other into one', () => {
    const a = update({ add: { Orders: '1', Revenue: '2.5' }, set: { Type: { S: 'Sum' } } });
    const b = update({
      add: { Orders: '1' },
      set: { Type: { S: 'Sum' } },
      setIfAbsent: { First: { N: '7' } },
    });
    const c = update({ set: { At: { S: 'noon' } }, setIfAbsent: { First: { N: '7' } } });
    expect(merged(a, b, c)).toEqual([
      update({
        add: { Orders: '2', Revenue: '2.5' },
        set: { Type: { S: 'Sum' }, At: { S: 'noon' } },
        setIfAbsent: { First: { N: '7' } },
      }),
    ]);
  });

  it('makes one update of those that only set', () => {
    const [a, b] = [update({ set: { A: { S: 'x' } } }), update({ set: { B: { S: 'y' } } })];
    expect(merged(a, b)).toEqual([update({ set: { A: { S: 'x' }, B: { S: 'y' } } })]);
  });

  it('makes equal writes one, and equal checks', () => {
    expect(merged(put('x'), put('x'))).toEqual([put('x')]);
    const { table, key } = put('x');
    const check: Action = { type: 'check', table, key, condition: { attribute: 'At', is: 'absent' } };
    expect(merged(check, structuredClone(check))).toEqual([check]);
    const same: Action = { type: 'compare-and-set', table, key, attribute: 'At', previous: 'x', next: 'x' };
    expect(merged(same, structuredClone(same))).toEqual([same]);
  });

  const isAbsent = { attribute: 'At', is: 'absent' } as const;
  it.each<[string, Action]>([
    ['updates', update({ set: { At: { S: 'noon' } }, condition: isAbsent })],
    ['puts', { ...put('x'), type: 'put', condition: isAbsent } as Action],
    ['puts of an item that must be absent', { ...put('x'), type: 'put-if-absent' } as Action],
  ])('takes equal %s with a condition for a contradiction: the second may not find it met', (_, write) => {
    expect(merge(write, structuredClone(write))).toEqual({ code: 'contradiction', write });
  });

  it.each<[string, Action, Action]>([
    ['puts of different attributes', put('x'), put('y')],
    [
      'updates that set one attribute to two values',
      update({ set: { A: { S: 'x' } } }),
      update({ set: { A: { S: 'y' } } }),
    ],
    [
      'updates that first set one attribute to two values',
      update({ setIfAbsent: { A: { S: 'x' } } }),
      update({ setIfAbsent: { A: { S: 'y' } } }),
    ],
    ['an addition to what another sets', increment('1'), update({ set: { Value: { N: '0' } } })],
    [
      'what one sets and the other first sets',
      update({ set: { A: { S: 'x' } } }),
      update({ setIfAbsent: { A: { S: 'x' } } }),
    ],
    ['additions with a condition, equal ones too', taking, structuredClone(taking)],
    ['an addition after one with a condition', taking, increment('1')],
    ['an addition with a condition after another', increment('1'), taking],
    ['an increment and a put', increment('1'), put('x')],
    ['a put and an increment', put('x'), increment('1')],
    [
      'increments whose sum has too many digits',
      increment(`9${'0'.repeat(25)}`),
      increment(`9${'0'.repeat(25)}`),
    ],
    [
      'updates that together set more than an item may have',
      update({ setIfAbsent: { A: { S: 'x'.repeat(250_000) } } }),
      update({ set: { B: { S: 'x'.repeat(250_000) } } }),
    ],
    ['increments that DynamoDB takes, but that have no exact sum here', increment('1e-20'), increment('1')],
  ])('takes %s on one item for a contradiction, and names the later one', (_, first, second) => {
    expect(merge(put('x', 'b'), first, second)).toEqual({ code: 'contradiction', write: second });
  });

  it('hands on what is no fault of a number', () => {
    const broken = increment('1');
    Object.defineProperty(broken.add, 'Value', {
      enumerable: true,
      get: () => {
        throw new TypeError('broken');
      },
    });
    expect(() => merge(increment('1'), broken)).toThrow(TypeError);
  });
});
