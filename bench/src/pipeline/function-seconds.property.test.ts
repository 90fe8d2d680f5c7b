import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FunctionSeconds, secondsBetween, secondsOfAll } from './function-seconds.ts';

const IDS = ['StateFunction', 'MapFunction', 'ReduceFunction'];
/** Looks at the CPU time of functions, none of which goes back; whole seconds, so that sums are exact. */
const looks = fc
  .array(fc.array(fc.nat(1_000), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 })
  .map((steps) => {
    const sums = IDS.map(() => 0);
    return steps.map((step): FunctionSeconds => {
      for (const [index, seconds] of step.entries()) {
        sums[index] = (sums[index] ?? 0) + seconds;
      }
      return Object.fromEntries(IDS.map((id, index) => [id, sums[index] ?? 0]));
    });
  });

describe('secondsBetween', () => {
  it('gives each second to one of the times between looks, the start to the first', () => {
    fc.assert(
      fc.property(looks, (all) => {
        const between = all.map((look, index) => secondsBetween(all[index - 1] ?? {}, look));
        const sum = between.reduce((seconds, each) => seconds + secondsOfAll(each), 0);
        expect(sum).toBe(secondsOfAll(all.at(-1) ?? {}));
        expect(between.every((each) => Object.values(each).every((seconds) => seconds >= 0))).toBe(true);
      }),
    );
  });
});
