import { describe, expect, it } from 'vitest';
import { collectParameter } from './option-values.ts';

describe('collectParameter', () => {
  it.each([
    ['Stage=prod', { Stage: 'prod' }],
    ['Stage=prod Zones=a,b', { Stage: 'prod', Zones: 'a,b' }],
    ['ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue="x y"', { A: '1', B: 'x y' }],
    ['Note="hello world"', { Note: 'hello world' }],
    ['Note=hello world', { Note: 'hello world' }],
    ['Json={"a": 1}', { Json: '{"a": 1}' }],
    ['Empty=', { Empty: '' }],
    ['Key=-----BEGIN\nYWJj=', { Key: '-----BEGIN\nYWJj=' }],
  ])('reads %j', (text, values) => {
    expect(collectParameter(text)).toEqual(values);
  });

  it('adds to those read before', () => {
    expect(collectParameter('B=2', { A: '1' })).toEqual({ A: '1', B: '2' });
  });

  it('refuses a second value and what is no value', () => {
    expect(() => collectParameter('B=1 A=2', { A: '1' })).toThrow('The parameter A is given twice.');
    expect(() => collectParameter('nothing')).toThrow('It must have the form Name=value.');
    expect(() => collectParameter('')).toThrow('It must have the form Name=value.');
  });
});
