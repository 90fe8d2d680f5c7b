import { type Effect, rowOfSums } from '@oncefold/commit';
import {
  type CommitComposition,
  composeCommit,
  composeRecountReader,
  createRecountGuard,
  type ReadRecounts,
  type RecountGuard,
  readEnvironment,
  readHierarchy,
} from '@oncefold/function-kit';
import { isRecountKey } from '@oncefold/trades';
import type { ChangesOptions } from './contributions-of-changes.ts';

export interface Composition extends CommitComposition {
  readonly effect: Effect;
  readonly changes: Omit<ChangesOptions, 'recount' | 'repairs' | 'redrive'>;
  readonly readRecounts: ReadRecounts;
  readonly recountGuard: RecountGuard;
}

/**
 * Reads the environment once and builds what the map function needs.
 *
 * Trades are summed by the dimensions that are recorded with them. Only items that record none are summed by a setting, and
 * that must stay what it was while there are such items: so it has a variable of its own.
 */
export function compose(variables: Readonly<Record<string, string | undefined>>): Composition {
  const environment = readEnvironment(variables);
  const commit = composeCommit(environment, 'FAILURE_MAP_LAMBDA_PCT');
  const unrecorded = variables['UNRECORDED_HIERARCHY_DIMENSIONS']
    ? 'UNRECORDED_HIERARCHY_DIMENSIONS'
    : 'HIERARCHY_DIMENSIONS';
  return {
    ...commit,
    effect: rowOfSums({
      table: environment.text('REDUCE_TABLE'),
      key: 'MessageId',
      attribute: 'Message',
      expiry: { attribute: 'ExpiresAt', afterSeconds: commit.retentionSeconds },
      apart: { attribute: 'Recount', holds: isRecountKey },
    }),
    readRecounts: composeRecountReader(environment),
    recountGuard: createRecountGuard(commit.transactions, { table: environment.text('RECOUNT_TABLE') }),
    changes: {
      unrecordedHierarchy: readHierarchy(environment, unrecorded),
      expiredTrades: environment.choice('EXPIRED_TRADES', ['retract', 'keep']),
      quarantine: commit.quarantine,
    },
  };
}
