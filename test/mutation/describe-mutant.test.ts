import { describe, expect, it } from 'vitest';
import { describeMutant } from './describe-mutant.ts';

const source = `export function isLate(age: number): boolean {
  if (age > LIMIT) {
    return true;
  }
  return false;
}
`;

const describeAt = (start: [number, number], end: [number, number], replacement: string) =>
  describeMutant(
    {
      mutatorName: 'SomeMutator',
      replacement,
      location: { start: { line: start[0], column: start[1] }, end: { line: end[0], column: end[1] } },
    },
    { file: 'is-late.ts', text: source },
  );

describe('describeMutant', () => {
  it('names a change within one line by the line and the changed code', () => {
    expect(describeAt([2, 7], [2, 18], 'age >= LIMIT')).toEqual({
      file: 'is-late.ts',
      mutator: 'SomeMutator',
      line: 'if (age > LIMIT) {',
      original: 'age > LIMIT',
      replacement: 'age >= LIMIT',
    });
  });

  it('writes changed code of several lines on one', () => {
    expect(describeAt([2, 20], [4, 4], '{}')).toMatchObject({
      line: 'if (age > LIMIT) {',
      original: '{ return true; }',
      replacement: '{}',
    });
  });

  it('names a mutant by the same text when code is added above it', () => {
    const moved = describeMutant(
      {
        mutatorName: 'SomeMutator',
        replacement: 'true',
        location: { start: { line: 4, column: 7 }, end: { line: 4, column: 18 } },
      },
      { file: 'is-late.ts', text: `\n\n${source}` },
    );
    expect(moved).toEqual(describeAt([2, 7], [2, 18], 'true'));
  });

  it('cuts off long code', () => {
    const long = describeMutant(
      {
        mutatorName: 'M',
        replacement: '""',
        location: { start: { line: 1, column: 1 }, end: { line: 1, column: 302 } },
      },
      { file: 'a.ts', text: 'x'.repeat(301) },
    );
    expect(long.original).toBe(`${'x'.repeat(120)}…`);
  });
});
