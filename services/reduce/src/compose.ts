import { type Effect, incrementEach } from '@oncefold/commit';
import { type CommitComposition, composeCommit } from '@oncefold/commit-function';
import { readEnvironment } from '@oncefold/lambda-environment';
import type { FoldRowsOptions } from './fold-rows.ts';

/** Everything that the handler is made of. */
export interface Composition extends CommitComposition {
  readonly effect: Effect;
  readonly fold: FoldRowsOptions;
}

/**
 * Reads the environment once and builds what the reduce function needs.
 *
 * @param variables - usually `process.env`.
 * @throws {@link EnvironmentError} when a variable is missing or wrong; it names the variable.
 */
export function compose(variables: Readonly<Record<string, string | undefined>>): Composition {
  const environment = readEnvironment(variables);
  const commit = composeCommit(environment, 'FAILURE_REDUCE_LAMBDA_PCT');
  return {
    ...commit,
    effect: incrementEach({
      table: environment.text('AGGREGATE_TABLE'),
      key: 'Identifier',
      attribute: 'Value',
    }),
    fold: {
      consumer: commit.consumer,
      reduceTable: environment.text('REDUCE_TABLE'),
      quarantineTable: environment.text('QUARANTINE_TABLE'),
    },
  };
}
