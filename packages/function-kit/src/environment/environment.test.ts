import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';

const range = { min: 1, max: 10 };

describe('readEnvironment', () => {
  it('gives what is there', () => {
    const environment = readEnvironment({ T: 'StateTable', N: '7', F: 'true', C: 'b' });
    expect(environment.text('T')).toBe('StateTable');
    expect(environment.integer('N', range)).toBe(7);
    expect(environment.flag('F')).toBe(true);
    expect(environment.choice('C', ['a', 'b'])).toBe('b');
  });

  it('takes an empty variable for an absent one', () => {
    const environment = readEnvironment({ N: '', F: '', C: '' });
    expect(environment.optionalInteger('N', range)).toBeUndefined();
    expect(environment.flag('F')).toBe(false);
    expect(environment.choice('C', ['a', 'b'])).toBe('a');
  });

  it.each([
    [
      'a text that is empty',
      { T: '' },
      (e: ReturnType<typeof readEnvironment>) => e.text('T'),
      'T is not set',
    ],
    [
      'a number that is absent',
      {},
      (e: ReturnType<typeof readEnvironment>) => e.integer('N', range),
      'N is not set',
    ],
    [
      'a number out of range',
      { N: '11' },
      (e: ReturnType<typeof readEnvironment>) => e.integer('N', range),
      'N must be',
    ],
    [
      'a number with a fraction',
      { N: '1.5' },
      (e: ReturnType<typeof readEnvironment>) => e.integer('N', range),
      'N must be',
    ],
    [
      'a number that is text',
      { N: '1e1' },
      (e: ReturnType<typeof readEnvironment>) => e.integer('N', range),
      'N must be',
    ],
    [
      'a flag that is neither',
      { F: 'yes' },
      (e: ReturnType<typeof readEnvironment>) => e.flag('F'),
      'F must be true or false',
    ],
    [
      'a word that is none',
      { C: 'c' },
      (e: ReturnType<typeof readEnvironment>) => e.choice('C', ['a', 'b']),
      'C must be one of a, b',
    ],
  ])('refuses %s and names the variable', (_, variables, read, message) => {
    expect(() => read(readEnvironment(variables))).toThrow(message);
  });
});
