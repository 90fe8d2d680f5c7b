import type { Arrear } from './judge.ts';
import type { ScoredFinding } from './scored-round.ts';

const CAUSES: Readonly<Record<ScoredFinding['cause'], string>> = {
  late: 'came too late',
  missing: 'not there yet: late or lost',
  lost: 'too little: lost',
  duplicated: 'too much: counted more than once',
  unexpected: 'although no message of the round is about it',
};

/** Says why a row is wrong, such as `PV:FXSpot: grew by 10 instead of 30.5; 20.5 came too late`. */
export function describeFinding({ key, expected, actual, difference, cause }: ScoredFinding): string {
  const amount = difference.replace(/^-/, '');
  return `${key}: grew by ${actual} instead of ${expected}; ${amount} ${CAUSES[cause]}`;
}

/** Says what came of what a row lacked of the round before, such as `PV: 20.5 of the round before came late`. */
export function describeArrear({ key, owed, arrived }: Arrear): string {
  if (arrived === owed) {
    return `${key}: ${owed} of the round before came late`;
  }
  return `${key}: of ${owed} of the round before ${arrived} came late; the rest has not come for a whole round: lost`;
}
