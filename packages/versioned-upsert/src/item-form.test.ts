import { describe, expect, it } from 'vitest';
import { orderForm, readingForm, writable } from '../test/support/orders.ts';
import { compareVersions, type Item } from './item-form.ts';
import { createMemoryTable } from './memory/index.ts';

const orders = createMemoryTable(orderForm);
const readings = createMemoryTable(readingForm);
const key = { OrderId: 'a', Line: 1 };
const valid = { key, version: 1, attributes: {} };
const sensor = { Sensor: Uint8Array.of(1) };
const time = '2026-01-01T00:00:00.000Z';

/** Reads what JavaScript makes of a version. */
const reasonOf = (given: unknown, table: { readonly form: typeof orders.form } = orders) => {
  const read = table.form.read(given);
  return 'invalid' in read ? read.invalid : undefined;
};

describe('a version', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'no-version'],
    ['text', 'a', 'no-version'],
    ['a record that says so itself', { invalid: 'no-order' }, 'no-order'],
    ['an empty reason', { invalid: '' }, 'no-version'],
    ['no key', { ...valid, key: undefined }, 'invalid-key'],
    ['half a key', { ...valid, key: { OrderId: 'a' } }, 'invalid-key'],
    ['more than a key', { ...valid, key: { ...key, More: 'a' } }, 'invalid-key'],
    ['an empty key', { ...valid, key: { ...key, OrderId: '' } }, 'invalid-key'],
    ['a key that is too long', { ...valid, key: { ...key, OrderId: 'ü'.repeat(1_025) } }, 'invalid-key'],
    ['a key with a lone surrogate', { ...valid, key: { ...key, OrderId: '\ud800' } }, 'invalid-key'],
    ['a key of another type', { ...valid, key: { ...key, OrderId: 1 } }, 'invalid-key'],
    ['a key that is no number', { ...valid, key: { ...key, Line: Number.NaN } }, 'invalid-key'],
    ['a version below 0', { ...valid, version: -1 }, 'invalid-version'],
    ['a version with a fraction', { ...valid, version: 1.5 }, 'invalid-version'],
    ['a version that a number does not hold exactly', { ...valid, version: 2 ** 53 }, 'invalid-version'],
    ['a version of more digits than DynamoDB has', { ...valid, version: 10n ** 38n }, 'invalid-version'],
    ['a version that is missing', { key, attributes: {} }, 'invalid-version'],
    ['no attributes', { key, version: 1 }, 'invalid-attributes'],
    [
      'an attribute that is not declared',
      { ...valid, attributes: { Other: { S: 'a' } } },
      'invalid-attributes',
    ],
    ['an attribute that is none', { ...valid, attributes: { Amount: { N: 'x' } } }, 'invalid-attributes'],
    ['a removal that is neither true nor false', { ...valid, removed: 'yes' }, 'invalid-attributes'],
    ['a plain value', { ...valid, attributes: { Amount: 5 } }, 'invalid-attributes'],
    [
      'more bytes than an item has',
      { ...valid, attributes: { Region: { S: 'ü'.repeat(102_400) }, Lines: { B: Buffer.alloc(204_800) } } },
      'unwritable-item',
    ],
  ])('is refused with %s', (_case, given, reason) => {
    expect(reasonOf(given)).toBe(reason);
  });

  it.each<[string, unknown, string]>([
    [
      'time of another length',
      { key: sensor, version: '2026-01-01T00:00:00Z', attributes: {} },
      'invalid-version',
    ],
    ['number', { key: sensor, version: 1, attributes: {} }, 'invalid-version'],
    ['lone surrogate', { key: sensor, version: `\ud800${time.slice(3)}`, attributes: {} }, 'invalid-version'],
    ['key of text', { key: { Sensor: 'a' }, version: time, attributes: {} }, 'invalid-key'],
    [
      'key without bytes',
      { key: { Sensor: new Uint8Array() }, version: time, attributes: {} },
      'invalid-key',
    ],
    [
      'removal without tombstones',
      { key: sensor, version: time, removed: true },
      'removed-without-tombstone',
    ],
  ])('of text is refused with a %s', (_case, given, reason) => {
    expect(reasonOf(given, readings)).toBe(reason);
  });

  it('may be a number, a bigint or digits, and leaves out what is undefined', () => {
    for (const version of [7, 7n, '7', '007', '7.0']) {
      expect(writable(orders, { key, version, attributes: { Amount: undefined } })).toMatchObject({
        order: 7n,
        set: {},
        remove: ['Region', 'Amount', 'Lines', 'Cancelled', 'ExpiresAt'],
      });
    }
  });

  it('names an item alike however its key is written, and no other item', () => {
    const keyText = (Line: number | string, OrderId = 'a') =>
      writable(orders, { ...valid, key: { OrderId, Line } }).keyText;
    expect(keyText('1.0')).toBe(keyText(1));
    expect(new Set([keyText(1), keyText(2), keyText(1, 'b'), keyText(1, 'a,1')]).size).toBe(4);
  });
});

describe('an item that any program may have written', () => {
  it.each<[string, Item]>([
    ['no version', {}],
    ['a version of text', { Version: { S: '1' } }],
    ['a version with a fraction', { Version: { N: '9.5' } }],
    ['a version that is no number', { Version: { N: 'x' } }],
    ['a version of more digits than DynamoDB has', { Version: { N: '1e38' } }],
  ])('has no version that could be compared if it has %s', (_case, item) => {
    expect(orders.form.readItem(item)).toBeUndefined();
  });

  it('is compared by its version, whoever wrote it', () => {
    expect(orders.form.readItem({ Version: { N: '0' } })).toMatchObject({ order: 0n });
    expect(orders.form.readItem({ Version: { N: '70' }, Note: { S: 'mine' } })).toMatchObject({ order: 70n });
  });
});

describe('a tombstone', () => {
  it('stays for ever where it has no expiry', () => {
    const table = createMemoryTable({ ...orderForm, tombstone: { attribute: 'Cancelled' } });
    expect(writable(table, { key, version: 1, removed: true }).set).toEqual({ Cancelled: { BOOL: true } });
  });
});

describe('compareVersions', () => {
  const of = (version: number, attributes: object) => writable(orders, { key, version, attributes });

  it('compares content as DynamoDB distinguishes it', () => {
    const existing = of(1, { Amount: { N: '1.50' }, Lines: { SS: ['a', 'b'] } });
    expect(compareVersions(of(1, { Lines: { SS: ['b', 'a'] }, Amount: { N: '1.5' } }), existing)).toBe(
      'duplicate',
    );
    expect(compareVersions(of(1, { Amount: { N: '1.5' } }), existing)).toBe('conflict');
    expect(compareVersions(of(1, { Amount: { S: '1.5' }, Lines: { SS: ['a', 'b'] } }), existing)).toBe(
      'conflict',
    );
    expect(compareVersions(of(2, {}), existing)).toBe('newer');
    expect(compareVersions(of(0, {}), existing)).toBe('stale');
  });

  it('distinguishes a removal from an item without attributes', () => {
    const removed = writable(orders, { key, version: 1, removed: true });
    expect(compareVersions(removed, of(1, {}))).toBe('conflict');
    expect(compareVersions(removed, removed)).toBe('duplicate');
  });
});

describe('the options of a table', () => {
  const form = (more: object) => () => createMemoryTable({ ...orderForm, ...more });

  it.each<[string, object, string]>([
    ['an unknown one', { versoin: 1 }, 'there is no option versoin'],
    ['no key', { key: {} }, 'key has 1 or 2 attributes'],
    ['three keys', { key: { A: 'S', B: 'S', C: 'S' } }, 'key has 1 or 2 attributes'],
    ['a key of another type', { key: { A: 'L' } }, 'the type S, N or B'],
    ['a name with quotation marks', { attributes: ['a"'] }, 'names of attributes'],
    ['a name with a full stop', { attributes: ['a.b'] }, 'names of attributes'],
    ['an attribute twice', { attributes: ['a', 'a'] }, 'the attribute a has two meanings'],
    ['the key among the attributes', { attributes: ['OrderId'] }, 'OrderId has two meanings'],
    ['the version among the attributes', { attributes: ['Version'] }, 'Version has two meanings'],
    ['a tombstone among the attributes', { attributes: ['Cancelled'] }, 'Cancelled has two meanings'],
    ['a version of text without length', { version: { name: 'At', type: 'S' } }, 'the bytes that each has'],
    ['a version of another type', { version: { name: 'At', type: 'B' } }, 'version has the type N'],
    ['a misspelt part of the version', { version: { name: 'At', type: 'N', byte: 1 } }, 'no option byte'],
    ['a misspelt part of the tombstone', { tombstone: { atribute: 'a' } }, 'no option atribute'],
    [
      'an expiry without seconds',
      { tombstone: { attribute: 'a', expiry: { attribute: 'b', afterSeconds: 0 } } },
      'afterSeconds',
    ],
  ])('are refused with %s', (_case, more, message) => {
    expect(form(more)).toThrow(message);
  });

  it('are refused when one is missing', () => {
    expect(form({ version: undefined })).toThrow('the option version is missing');
    expect(form({ attributes: undefined })).toThrow('the option attributes is missing');
  });
});
