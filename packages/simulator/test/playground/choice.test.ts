import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Choice,
  commandOf,
  formatChoice,
  parseChoice,
  SEED_MAX,
  strategyNames,
} from '../../playground/choice.ts';
import { faultKinds } from '../../src/index.ts';

const choices: fc.Arbitrary<Choice> = fc.record({
  strategy: fc.constantFrom(...strategyNames),
  faults: fc.subarray([...faultKinds]),
  seed: fc.nat(SEED_MAX),
  step: fc.option(fc.nat(100_000), { nil: undefined }),
});

describe('parseChoice', () => {
  it('reads what formatChoice writes', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        expect(parseChoice(formatChoice(choice))).toEqual(choice);
      }),
    );
  });

  it('takes an address that says nothing, or nonsense, as the first choice', () => {
    const first = parseChoice('');
    expect(first).toEqual({ strategy: 'none', faults: faultKinds, seed: 3, step: undefined });
    expect(parseChoice('#strategy=magic&seed=-1&step=x')).toEqual(first);
    expect(parseChoice('#faults=nonsense').faults).toEqual([]);
  });
});

describe('commandOf', () => {
  it('names what differs from the usual', () => {
    expect(commandOf(parseChoice('#strategy=ledger&seed=7'))).toBe(
      'npm run oncefold -- simulate --strategy ledger --seed 7',
    );
    expect(commandOf(parseChoice('#faults=reply-lost,stall&seed=7'))).toBe(
      'npm run oncefold -- simulate --strategy none --seed 7 --faults reply-lost,stall',
    );
    expect(commandOf(parseChoice('#faults=&seed=7'))).toBeUndefined();
  });
});
