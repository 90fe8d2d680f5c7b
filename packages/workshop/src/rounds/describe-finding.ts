import type { Finding } from './judge.ts';

const CAUSES: Readonly<Record<Finding['cause'], string>> = {
  lost: 'too little: lost',
  duplicated: 'too much: counted more than once',
  unexpected: 'although no message of the round is about it',
};

/** Says why a row is wrong, such as `PV:FXSpot: grew by 10 instead of 30.5; 20.5 too little: lost`. */
export function describeFinding({ key, expected, actual, difference, cause }: Finding): string {
  const amount = difference.replace(/^-/, '');
  return `${key}: grew by ${actual} instead of ${expected}; ${amount} ${CAUSES[cause]}`;
}
