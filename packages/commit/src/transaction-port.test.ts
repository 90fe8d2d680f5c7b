import { describe, expect, it } from 'vitest';
import { type Item, itemName } from './transaction-port.ts';

const nameOf = (key: Item, table = 'T'): string => itemName({ table, key });

describe('itemName', () => {
  it('is the same for the attributes of a key in any order', () => {
    const [hash, range, other] = [{ S: 'h' }, { N: '1' }, { B: new Uint8Array([0, 255]) }];
    expect(nameOf({ a: hash, b: range, c: other })).toBe(nameOf({ c: other, b: range, a: hash }));
    expect(nameOf({ b: range, a: hash })).toBe(nameOf({ a: hash, b: range }));
  });

  it('is the same in every release, because the actions of a repeated request are in the order of these names', () => {
    expect(nameOf({ b: { B: Uint8Array.of(0) }, a: { S: 'x' } })).toBe(
      '["T",[["a",{"S":"x"}],["b",{"B":"AA=="}]]]',
    );
  });

  it('is the same for equal bytes in different objects', () => {
    expect(nameOf({ a: { B: new Uint8Array([1, 2]) } })).toBe(nameOf({ a: { B: Uint8Array.of(1, 2) } }));
  });

  it.each<[string, string, string]>([
    ['tables', nameOf({ a: { S: 'x' } }), nameOf({ a: { S: 'x' } }, 'U')],
    ['attributes', nameOf({ a: { S: 'x' } }), nameOf({ b: { S: 'x' } })],
    ['texts', nameOf({ a: { S: 'x' } }), nameOf({ a: { S: 'y' } })],
    ['types', nameOf({ a: { S: '1' } }), nameOf({ a: { N: '1' } })],
    ['bytes', nameOf({ a: { B: Uint8Array.of(1, 2) } }), nameOf({ a: { B: Uint8Array.of(1, 3) } })],
    ['bytes and the same text', nameOf({ a: { B: Uint8Array.of(0) } }), nameOf({ a: { S: 'AA==' } })],
    [
      'bytes that are no UTF-8',
      nameOf({ a: { B: Uint8Array.of(254) } }),
      nameOf({ a: { B: Uint8Array.of(255) } }),
    ],
    [
      'values of one attribute of two',
      nameOf({ a: { S: 'x' }, b: { S: 'y' } }),
      nameOf({ a: { S: 'x' }, b: { S: 'z' } }),
    ],
    [
      'values that are swapped',
      nameOf({ a: { S: 'x' }, b: { S: 'y' } }),
      nameOf({ a: { S: 'y' }, b: { S: 'x' } }),
    ],
  ])('differs for different %s', (_, one, other) => {
    expect(one).not.toBe(other);
  });
});
