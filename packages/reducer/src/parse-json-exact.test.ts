import { describe, expect, it } from 'vitest';
import {
  type ExactJson,
  ExactJsonError,
  type ExactJsonErrorCode,
  formatDecimal,
  parseDecimal,
  parseJsonExact,
} from './index.ts';

function errorOf(action: () => unknown): ExactJsonError {
  try {
    action();
  } catch (error) {
    if (error instanceof ExactJsonError) {
      return error;
    }
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const text = ` {
  "shelf": "A\\u00e9\\n", "price": 12345678901234567.89, "isOpen": true, "isPaid": false, "note": null,
  "lines": [ {"pieces": 1.50, "rate": 1E-3} , {"pieces":-0} ], "10": 1, "9": 2, "__proto__": {"constructor": "c"}, "": []
} `;

describe('parseJsonExact', () => {
  const order = parseJsonExact(text);

  it('keeps the digits that JSON.parse loses', () => {
    expect(String(JSON.parse(text).price)).toBe('12345678901234568');
    expect(order.get('price').numberText()).toBe('12345678901234567.89');
    expect(formatDecimal(parseDecimal(order.get('price').numberText()))).toBe('12345678901234567.89');
  });

  it('gives a number as it was written', () => {
    const [first, second] = order.get('lines').items();
    expect(first?.get('pieces').numberText()).toBe('1.50');
    expect(first?.get('rate').numberText()).toBe('1E-3');
    expect(second?.get('pieces').numberText()).toBe('-0');
  });

  it('reads strings, booleans, null, and what is empty', () => {
    expect(order.get('shelf').text()).toBe('Aé\n');
    expect(order.get('isOpen').boolean()).toBe(true);
    expect(order.get('isPaid').boolean()).toBe(false);
    expect(order.get('note').kind).toBe('null');
    expect(order.get('').items()).toEqual([]);
    expect(parseJsonExact('{}').members().size).toBe(0);
  });

  it('has nothing but what was written, and names in their order', () => {
    expect(order.find('toString')).toBeUndefined();
    expect(order.get('__proto__').get('constructor').text()).toBe('c');
    expect([...order.members().keys()].slice(-4)).toEqual(['10', '9', '__proto__', '']);
    expect(order.members().get('9')?.numberText()).toBe('2');
  });

  it('reads values that are no objects', () => {
    expect(parseJsonExact(' 1e400 ').numberText()).toBe('1e400');
    expect(parseJsonExact('"\\ud800"').text()).toBe('\ud800');
    expect(
      parseJsonExact('\t[1,[2]]')
        .items()
        .map(({ source }) => source),
    ).toEqual(['1', '[2]']);
  });

  it('reads a text of any depth', () => {
    const depth = 100_000;
    expect(parseJsonExact('['.repeat(depth) + ']'.repeat(depth)).items()).toHaveLength(1);
  });

  it('gives the exact source, for what a program only hands on', () => {
    expect(order.get('lines').source).toBe('[ {"pieces": 1.50, "rate": 1E-3} , {"pieces":-0} ]');
  });

  it.each([
    ['Shelf_7a', '$.Shelf_7a'],
    ['_', '$._'],
    ['Zz', '$.Zz'],
    ['7a', '$["7a"]'],
    ['a-b', '$["a-b"]'],
    ['b é', '$["b é"]'],
    ['', '$[""]'],
  ])('writes the name %j as JSONPath does', (name, path) => {
    expect(errorOf(() => parseJsonExact('{}').get(name))).toMatchObject({ code: 'missing', path });
  });

  const refusals: [what: string, read: () => unknown, code: ExactJsonErrorCode, path: string][] = [
    ['broken JSON', () => parseJsonExact('{"secret": 1'), 'broken-json', '$'],
    ['no text at all', () => parseJsonExact(''), 'broken-json', '$'],
    ['a byte order mark', () => parseJsonExact('\ufeff{}'), 'broken-json', '$'],
    ['undefined', () => parseJsonExact(undefined as never), 'not-text', '$'],
    ['null', () => parseJsonExact(null as never), 'not-text', '$'],
    ['a number', () => parseJsonExact(5 as never), 'not-text', '$'],
    ['bytes', () => parseJsonExact(Uint8Array.of(0x7b, 0x7d) as never), 'not-text', '$'],
    ['a name given twice', () => parseJsonExact('{"a":1,"\\u0061":2}').get('a'), 'duplicate-name', '$'],
    [
      'a name given twice within',
      () => parseJsonExact('[{"a":{"b":1,"b":1}}]').items()[0]?.get('a').find('c'),
      'duplicate-name',
      '$[0].a',
    ],
    ['a missing member', () => order.get('lines').items()[1]?.get('rate'), 'missing', '$.lines[1].rate'],
    ['a missing member of another name', () => order.get('no "name"'), 'missing', '$["no \\"name\\""]'],
    ['a member of a list', () => order.get('lines').get('0'), 'wrong-type', '$.lines'],
    ['items of an object', () => order.items(), 'wrong-type', '$'],
    ['a string as a number', () => order.get('shelf').numberText(), 'wrong-type', '$.shelf'],
    ['null as a number', () => order.get('note').numberText(), 'wrong-type', '$.note'],
    ['a number as a string', () => order.get('price').text(), 'wrong-type', '$.price'],
    ['a number as a boolean', () => order.get('10').boolean(), 'wrong-type', '$["10"]'],
    [
      'a member that was not asked for by name',
      () => order.members().get('shelf')?.items(),
      'wrong-type',
      '$.*',
    ],
  ];
  const findings: Readonly<Record<ExactJsonErrorCode, RegExp>> = {
    'not-text': /It is (undefined|null|a number|an object): give the JSON text, and decode bytes before\.$/,
    'broken-json': /\. It is no JSON text: quarantine the record\.$/,
    'duplicate-name': /\. Give each name of an object once\.$/,
    missing: /\. Use find where it may be absent\.$/,
    'wrong-type': /\. It must be of kind \w+, but is of kind \w+\.$/,
  };
  it.each(refusals)('refuses %s, says where, and what to do', (_what, read, code, path) => {
    const error = errorOf(read);
    expect(error).toMatchObject({ name: 'ExactJsonError', code, path });
    expect(error.message).toMatch(findings[code]);
    expect(error.message.startsWith(`The JSON is refused at ${path}: ${code}. `)).toBe(true);
    expect(error.message).not.toMatch(/secret|A7|12345/);
    expect(error.cause).toBeUndefined();
  });

  it('is no text for parseDecimal, neither in types nor at run time', () => {
    const price: ExactJson = order.get('price');
    // @ts-expect-error -- The text of the number must be asked for.
    expect(() => parseDecimal(price)).toThrow(expect.objectContaining({ code: 'not-text' }));
  });
});
