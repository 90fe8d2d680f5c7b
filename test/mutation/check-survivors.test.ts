import { describe, expect, it } from 'vitest';
import { checkSurvivors, type Mutant } from './check-survivors.ts';

const mutant: Mutant = {
  file: 'retry.ts',
  mutator: 'EqualityOperator',
  line: 'if (attempt < limits.attemptsMax) {',
  original: 'attempt < limits.attemptsMax',
  replacement: 'attempt <= limits.attemptsMax',
};
const survivor = { ...mutant, reason: 'Both end after the last attempt.' };

describe('checkSurvivors', () => {
  it('accepts mutants that survived with a reason', () => {
    expect(checkSurvivors([mutant], [survivor])).toEqual({ unexplained: [], stale: [] });
  });

  it.each(['file', 'mutator', 'line', 'original', 'replacement'] as const)(
    'takes mutants for different ones when they differ in %s',
    (field) => {
      const other = { ...mutant, [field]: 'other' };
      expect(checkSurvivors([other], [survivor])).toEqual({ unexplained: [other], stale: [survivor] });
    },
  );

  it('counts an empty reason as none', () => {
    const empty = { ...mutant, reason: ' ' };
    expect(checkSurvivors([mutant], [empty])).toEqual({ unexplained: [mutant], stale: [] });
  });

  it('needs a reason for each of two mutants whose texts are equal', () => {
    expect(checkSurvivors([mutant, mutant], [survivor])).toEqual({ unexplained: [mutant], stale: [] });
    expect(checkSurvivors([mutant], [survivor, survivor])).toEqual({ unexplained: [], stale: [survivor] });
    expect(checkSurvivors([mutant, mutant], [survivor, survivor])).toEqual({ unexplained: [], stale: [] });
  });
});
