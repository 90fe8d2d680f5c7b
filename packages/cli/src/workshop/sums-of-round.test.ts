import { formatDecimal, parseContribution } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { compareRound } from './sums-of-round.ts';

const sums = (object: Record<string, string>) => parseContribution(JSON.stringify(object));
const round = {
  before: sums({ PV: '1', message_count: '10' }),
  growth: sums({ PV: '30.5', 'PV:FXSpot': '30.5' }),
  applied: { least: 2, most: 3 },
};

function differences(after: Record<string, string>): Record<string, string> {
  const compared = compareRound(round, sums(after));
  return Object.fromEntries(compared.map(({ key, difference }) => [key, formatDecimal(difference)]));
}

describe('compareRound', () => {
  it('finds nothing where every row is what it was and what it had to grow by', () => {
    for (const count of ['12', '13']) {
      const after = { PV: '31.5', 'PV:FXSpot': '30.5', message_count: count };
      expect(differences(after)).toEqual({ PV: '0', 'PV:FXSpot': '0', message_count: '0' });
    }
  });

  it('says how far a row is off, the count from the nearest number that can be', () => {
    const late = { PV: '1', message_count: '10' };
    expect(differences(late)).toEqual({ PV: '-30.5', 'PV:FXSpot': '-30.5', message_count: '-2' });
    const doubled = { PV: '31.5', 'PV:FXSpot': '61', message_count: '14', Forged: '1' };
    expect(differences(doubled)).toEqual({ Forged: '1', PV: '0', 'PV:FXSpot': '30.5', message_count: '1' });
  });
});
