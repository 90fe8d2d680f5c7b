import type { StrategyCode } from '@oncefold/commit';
import type { CellName, Expectation, FaultCode } from '../report/comparison-report.ts';

type ReasonByFault = Readonly<Partial<Record<FaultCode, string>>>;

/** Where a strategy is expected to be wrong, and why; it is expected to be exact everywhere else. */
const whyWrong: Readonly<Partial<Record<StrategyCode, ReasonByFault>>> = {
  none: {
    'same-batch': 'Every delivery counts.',
    crash: 'Every delivery counts.',
    'reply-lost': 'The commit is sent again and counts again.',
    'token-window': 'Every delivery counts.',
    regrouped: 'Every delivery counts.',
    'two-pollers': 'Every delivery counts.',
    zombie: 'The retry counts, and so does the late commit.',
    'changed-arithmetic': 'Every delivery counts.',
    everything: 'Every delivery counts.',
  },
  'request-token': {
    'token-window': 'After its window, DynamoDB treats the token as a new one.',
    regrouped: 'Records that are grouped differently have another token.',
    everything: 'A regrouped batch has another token.',
  },
  powertools: {
    crash: 'The record still says "in progress"; when its lock has expired, the batch is committed again.',
    regrouped: 'Records that are grouped differently have another key.',
    zombie: 'The retry runs when the lock has expired, and the lock does not stop the late commit.',
    everything: 'A batch counts again after a crash that follows the commit, and when it is regrouped.',
  },
};

/** Where the map stage is exact nevertheless: its effect is a row that is put only if it does not exist. */
const whyExactInMap: Readonly<Partial<Record<StrategyCode, ReasonByFault>>> = {
  'request-token': {
    'token-window':
      'The key of the row of sums is the token, and the row is put only if it does not exist: it guards for as long as it is kept.',
  },
  powertools: {
    crash: 'The key of the row of sums is made from the batch, and the row is put only if it does not exist.',
    zombie:
      'The key of the row of sums is made from the batch, and the row is put only if it does not exist.',
  },
};

const whyExact: Readonly<Record<StrategyCode, string>> = {
  none: 'Nothing is redelivered after it succeeded, and no rejected request was written.',
  'request-token': 'The same batch within the window has the same token: DynamoDB applies it once.',
  powertools: 'The completed batch is remembered, or its own resend carries the same token.',
  ledger: 'A record that has a marker is not applied again, whatever batch delivers it.',
  checkpoint: 'A record up to the position is not applied again, whatever batch delivers it.',
};

/** What the design predicts for a cell, independently of any run. */
export function expectationOf({ stage, strategy, fault }: CellName): Expectation {
  const exactInMap = stage === 'map' ? whyExactInMap[strategy]?.[fault] : undefined;
  if (exactInMap !== undefined) {
    return { outcome: 'exact', why: exactInMap };
  }
  const why = whyWrong[strategy]?.[fault];
  return why === undefined ? { outcome: 'exact', why: whyExact[strategy] } : { outcome: 'wrong', why };
}
