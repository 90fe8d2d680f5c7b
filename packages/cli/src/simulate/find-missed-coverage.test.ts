import { commitCoverage } from '@oncefold/simulator';
import { describe, expect, it } from 'vitest';
import { findMissedCoverage } from './find-missed-coverage.ts';
import { emptyTally } from './workers/tally.ts';

const coverage = commitCoverage('ledger');
const { faults, met } = coverage;

/** A run that has met everything but one fault. */
const run = {
  ...emptyTally,
  histories: 1_000,
  faults: Object.fromEntries(faults.filter((kind) => kind !== 'stall').map((kind) => [kind, 1])),
  met: Object.fromEntries(met.map((name) => [name, 1])),
};

describe('findMissedCoverage', () => {
  it('names what 1,000 histories have not met', () => {
    expect(findMissedCoverage({ coverage }, run, {})).toEqual(['fault: stall']);
  });

  it('judges no short run, none with chosen faults, and nothing of which it does not know what must be met', () => {
    expect(findMissedCoverage({ coverage }, { ...run, histories: 999 }, {})).toEqual([]);
    expect(findMissedCoverage({ coverage }, run, { faults: ['reply-lost'] })).toEqual([]);
    expect(findMissedCoverage({}, run, {})).toEqual([]);
  });
});
