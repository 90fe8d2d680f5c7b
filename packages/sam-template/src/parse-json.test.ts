import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

describe('parseJson', () => {
  it.each([
    ['1.0', '1.0'],
    ['-0.0', '-0.0'],
    ['1e3', '1000.0'],
    ['1.5', 1.5],
    ['1', 1],
    ['-12', -12],
    ['"1.0"', '1.0'],
    ['123456789012345678901', '123456789012345678901'],
    ['null', null],
  ])('reads %s in a template as Python does', (text, value) => {
    expect(parseJson(`{ "Value": [${text}] }`)).toEqual({ Value: [value] });
  });

  it('refuses what is no JSON', () => {
    expect(() => parseJson('{ a: 1 }')).toThrow(SyntaxError);
  });
});
