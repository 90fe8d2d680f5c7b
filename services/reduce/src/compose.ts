import { type Effect, incrementEach } from '@oncefold/commit';
import {
  type CommitComposition,
  composeCommit,
  composeRecountReader,
  createRecountGuard,
  readEnvironment,
} from '@oncefold/function-kit';
import { isRecountKey } from '@oncefold/trades';
import type { DynamoDBRecord } from 'aws-lambda';
import type { FoldOptions } from './fold-rows.ts';
import { rowId } from './row-id.ts';

export interface Composition extends CommitComposition {
  readonly effect: Effect;
  readonly recordId: ((record: DynamoDBRecord) => string | undefined) | undefined;
  readonly fold: FoldOptions;
}

/** Reads the environment once and builds what the reduce function needs. */
export function compose(variables: Readonly<Record<string, string | undefined>>): Composition {
  const environment = readEnvironment(variables);
  const commit = composeCommit(environment, 'FAILURE_REDUCE_LAMBDA_PCT');
  const { identifiesBy } = commit.strategy;
  // The comparison has sums of its own, which no recount is about.
  const recountTable = environment.optionalText('RECOUNT_TABLE');
  return {
    ...commit,
    effect: incrementEach({
      table: environment.text('AGGREGATE_TABLE'),
      key: 'Identifier',
      attribute: 'Value',
      ...(recountTable !== undefined && { apart: { table: recountTable, holds: isRecountKey } }),
    }),
    // A guard that knows positions would find one name at two of them if a row is deleted and written again.
    recordId: identifiesBy === 'id' ? rowId : undefined,
    fold: {
      rows: { identifiesBy, countsRecount: recountTable !== undefined, quarantine: commit.quarantine },
      recounts:
        recountTable === undefined
          ? undefined
          : {
              read: composeRecountReader(environment),
              guard: createRecountGuard(commit.transactions, { table: recountTable }),
            },
    },
  };
}
