import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFigure } from './any-figure.ts';
import { onMachine, type Results, withResult } from './kept-results.ts';
import { type FigureResult, resultOf } from './result-of.ts';

const machine = { cpuModel: 'any', cores: 2, memoryBytes: 1, platform: 'linux x64', node: '24.0.0' };

function result(name: string, subject: number): FigureResult {
  return resultOf(anyFigure({ of: 'subject', max: 1 }, name), { pairs: [{ subject, reference: 1 }] }, false);
}

const conditions = fc.constantFrom('quiet', 'busy');
const measured = fc.record({
  conditions,
  name: fc.constantFrom('one', 'two', 'three'),
  subject: fc.integer({ min: 1, max: 9 }),
});

describe('withResult', () => {
  it('keeps the newest of each figure under each conditions, in the order in which they came first', () => {
    fc.assert(
      fc.property(fc.array(measured, { maxLength: 12 }), (all) => {
        const nothing: Results = { machine, conditions: {} };
        const kept = all.reduce(
          (results, each) => withResult(results, each.conditions, result(each.name, each.subject)),
          nothing,
        );
        for (const under of ['quiet', 'busy'] as const) {
          const newest = new Map<string, number>();
          for (const { name, subject } of all.filter((each) => each.conditions === under)) {
            newest.set(name, subject);
          }
          const found = (kept.conditions[under] ?? []).map(({ name, subject }) => [name, subject.median]);
          expect(found).toEqual([...newest]);
        }
      }),
    );
  });

  it('leaves what it was given as it is', () => {
    const before = withResult({ machine, conditions: {} }, 'quiet', result('one', 1));
    withResult(before, 'quiet', result('one', 2));
    withResult(before, 'busy', result('one', 3));
    expect(before.conditions.quiet?.map(({ subject }) => subject.median)).toEqual([1]);
    expect(before.conditions.busy).toBeUndefined();
  });
});

describe('onMachine', () => {
  const before = withResult({ machine, conditions: {} }, 'quiet', result('one', 1));

  it('keeps what a machine of the same kind has measured, with what is new of it', () => {
    const newer = { ...machine, node: '24.1.0' };
    expect(onMachine(before, newer)).toEqual({ machine: newer, conditions: before.conditions });
  });

  it.each([{ cpuModel: 'another' }, { cores: 4 }])('keeps nothing of a machine with other %j', (other) => {
    const machineNow = { ...machine, ...other };
    expect(onMachine(before, machineNow)).toEqual({ machine: machineNow, conditions: {} });
  });
});
