import { type Effect, rowOfSums } from '@oncefold/commit';
import { type CommitComposition, composeCommit } from '@oncefold/commit-function';
import { readEnvironment } from '@oncefold/lambda-environment';
import { createHierarchy } from '@oncefold/reducer';
import type { FoldChangesOptions } from './fold-changes.ts';

/** Everything that the handler is made of. */
export interface Composition extends CommitComposition {
  readonly effect: Effect;
  readonly fold: FoldChangesOptions;
}

/**
 * Reads the environment once and builds what the map function needs.
 *
 * @param variables - usually `process.env`.
 * @throws {@link EnvironmentError} when a variable is missing or wrong; it names the variable.
 */
export function compose(variables: Readonly<Record<string, string | undefined>>): Composition {
  const environment = readEnvironment(variables);
  const commit = composeCommit(environment, 'FAILURE_MAP_LAMBDA_PCT');
  return {
    ...commit,
    effect: rowOfSums({
      table: environment.text('REDUCE_TABLE'),
      key: 'MessageId',
      attribute: 'Message',
      expiry: { attribute: 'ExpiresAt', afterSeconds: commit.retentionSeconds },
    }),
    fold: {
      hierarchy: createHierarchy({ dimensions: environment.text('HIERARCHY_DIMENSIONS').split(',') }),
      expiredTrades: environment.choice('EXPIRED_TRADES', ['retract', 'keep']),
      consumer: commit.consumer,
      stateTable: environment.text('STATE_TABLE'),
      quarantineTable: environment.text('QUARANTINE_TABLE'),
    },
  };
}
