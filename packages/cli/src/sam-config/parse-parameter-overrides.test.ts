import { describe, expect, it } from 'vitest';
import { parseParameterOverrides } from './parse-parameter-overrides.ts';

describe('parseParameterOverrides', () => {
  it.each([
    ['A=1 B=two', { A: '1', B: 'two' }],
    ['  A="one two"   B=\'three\' ', { A: 'one two', B: 'three' }],
    ['ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue="x y"', { A: '1', B: 'x y' }],
    ['"A"="1"', { A: '1' }],
    ['A=a=b,c B=https://example.com/?x=y', { A: 'a=b,c', B: 'https://example.com/?x=y' }],
    [String.raw`A=one\ two B="say \"yes\""`, { A: 'one two', B: 'say "yes"' }],
    ["A=don't", { A: "don't" }],
    ['A= B=""', { A: '', B: '' }],
    ['', {}],
  ])('reads %j', (text, values) => {
    expect(parseParameterOverrides(text)).toEqual(values);
  });

  it.each(['A', 'A=1 and more', '=1', 'A-B=1', 'file://values.json'])('refuses %j', (text) => {
    expect(parseParameterOverrides(text)).toBeUndefined();
  });
});
