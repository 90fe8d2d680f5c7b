import { type Action, type TransactionPort, WriteRefusedError } from '@oncefold/commit';
import type { RecordContribution } from '@oncefold/middleware';
import {
  RECOUNT_CONTROL_KEY,
  type RecountState,
  type RunningRecount,
  recountCounterKey,
} from '@oncefold/trades';
import type { ReadRecounts } from './recount-reader.ts';

const REQUEST_TIMEOUT_MS = 5_000;

/** It could not be made sure that no recount begins in between; the batch is to be handed in again. */
class RecountGuardError extends Error {
  override readonly name = 'RecountGuardError';
  readonly code = 'recount-guard';
  readonly retryable = true;

  constructor(outcome: string) {
    super(
      `the item that says which recount runs could not be prepared (${outcome}): redrive the batch again`,
    );
  }
}

/**
 * Holds a batch that is handed in again and a recount apart: a transaction with the guard fails once another recount has begun.
 *
 * Without it a redrive that is on its way while a recount begins could land after that has repaired the sums, and count twice.
 */
export interface RecountGuard {
  /** Makes sure that there is an item to compare with, also before the first recount. */
  prepare(): Promise<void>;
  /** The write that fails unless everything is as it was read. */
  actionFor(state: RecountState): Action;
  /**
   * What is written with a change that comes before the recount that runs, and is not in it: none until that is about to repair.
   *
   * Such a change was given up, and its mapping delivers it all the same. If it is committed between the recount's comparison and its repair,
   * the recount has to compare again; if after the repair, the commit fails and the batch is delivered once more.
   */
  strayActions(running: RunningRecount | undefined): readonly Action[];
}

/** Adds guards to what adds something to the sums. */
export function guardedBy<Added extends RecordContribution>(guards: readonly Action[], added: Added): Added {
  return added.contribution.size === 0 || guards.length === 0
    ? added
    : { ...added, writes: [...(added.writes ?? []), ...guards] };
}

/** Whether a commit was refused by the guard. */
export function isRefusedByGuard(error: unknown): boolean {
  if (!(error instanceof WriteRefusedError)) {
    return false;
  }
  const { type, key } = error.action as Action;
  const { Identifier } = key;
  return (
    type === 'compare-and-set' &&
    Identifier !== undefined &&
    'S' in Identifier &&
    Identifier.S === RECOUNT_CONTROL_KEY
  );
}

/** What is to be known of recounts when a batch is handed in again. */
export interface GuardedRecounts extends Pick<RecountState, 'running' | 'repairs'> {
  /** Fails the commit if another recount has begun since. */
  readonly guard: Action;
}

/** Reads what is to be known of recounts, with the write that fails unless it is still so. */
export async function readGuarded(
  readRecounts: ReadRecounts,
  recountGuard: RecountGuard,
): Promise<GuardedRecounts> {
  await recountGuard.prepare();
  const state = await readRecounts();
  const { running, repairs } = state;
  return { running, repairs, guard: recountGuard.actionFor(state) };
}

/** Makes the guard over the recount table. */
export function createRecountGuard(
  transactions: TransactionPort,
  { table }: { readonly table: string },
): RecountGuard {
  const control = { table, key: { Identifier: { S: RECOUNT_CONTROL_KEY } } };
  const unchanged = (attribute: string, value: string): Action => ({
    type: 'compare-and-set',
    ...control,
    attribute,
    previous: value,
    next: value,
  });
  return {
    async prepare() {
      const none = { Number: { N: '1' }, State: { S: 'ended' }, Owner: { S: 'none' } };
      const outcome = await transactions.transact({
        actions: [{ type: 'put-if-absent', ...control, attributes: none }],
        timeoutMs: REQUEST_TIMEOUT_MS,
      });
      if (outcome.code !== 'committed' && outcome.code !== 'condition-failed') {
        throw new RecountGuardError(outcome.code);
      }
    },
    actionFor: ({ owner }) => unchanged('Owner', owner),
    strayActions: (running) => {
      if (running?.repairing === undefined) {
        return [];
      }
      const key = { Identifier: { S: recountCounterKey(running.number, 'stray') } };
      return [unchanged('Repairing', running.repairing), { type: 'update', table, key, add: { Value: '1' } }];
    },
  };
}
