import type { CellName, Expectation, FaultCode, StrategyCode } from '../report/comparison-report.ts';

type Expected = Readonly<Partial<Record<FaultCode, string>>>;

/** Where a strategy is expected to be wrong, and why; it is expected to be exact everywhere else. */
const wrongIn: Readonly<Record<StrategyCode, Expected>> = {
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
    'token-window': 'After its window DynamoDB takes the token for a new one.',
    regrouped: 'Another cut of the records has another token.',
    everything: 'A batch that is cut anew has another token.',
  },
  powertools: {
    crash: 'The record still says "in progress"; when its lock is over, the batch is committed again.',
    regrouped: 'Another cut of the records has another key.',
    zombie: 'The retry runs when the lock is over, and the late commit is not held by the lock.',
    everything: 'A crash after the commit, and a batch that is cut anew, count again.',
  },
  ledger: {},
  checkpoint: {},
};

/** Where the map stage is exact all the same: its effect is a row that is only put where none stands. */
const savedByRow: Readonly<Record<StrategyCode, Expected>> = {
  none: {},
  'request-token': {
    'token-window':
      'The row of sums has the token as its key and is put only where none stands: it guards as long as it stands.',
  },
  powertools: {
    crash: 'The row of sums has a key made from the batch and is put only where none stands.',
    zombie: 'The row of sums has a key made from the batch and is put only where none stands.',
  },
  ledger: {},
  checkpoint: {},
};

const whyExact: Readonly<Record<StrategyCode, string>> = {
  none: 'Nothing is delivered again after it succeeded, and nothing that was turned away was written.',
  'request-token': 'The same batch within the window has the same token: DynamoDB applies it once.',
  powertools: 'The completed batch is remembered, or its own resend carries the same token.',
  ledger: 'A record whose marker stands is not folded again, in whatever batch it comes.',
  checkpoint: 'A record behind the position is not folded again, in whatever batch it comes.',
};

/**
 * Says what the design expects of a cell; nothing of a run goes into it.
 *
 * @param name - any cell
 */
export function expectationOf({ stage, strategy, fault }: CellName): Expectation {
  const saved = stage === 'map' ? savedByRow[strategy][fault] : undefined;
  if (saved !== undefined) {
    return { outcome: 'exact', why: saved };
  }
  const why = wrongIn[strategy][fault];
  return why === undefined ? { outcome: 'exact', why: whyExact[strategy] } : { outcome: 'wrong', why };
}
