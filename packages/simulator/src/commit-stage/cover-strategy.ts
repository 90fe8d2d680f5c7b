import type { Strategy, StrategySession } from '@oncefold/commit';

/** Branches of `commitBatch` and of a session that {@link coverStrategy} can see. */
export type CommitBranch =
  | 'opening'
  | 'opened'
  | 'guard'
  | 'opening failed'
  | 'guard failed: some applied'
  | 'guard failed: none applied'
  | 'row exists'
  | 'token mismatch'
  | 'around'
  | 'threw';

/** Puts a strategy behind one that notes which of its parts are called; it changes nothing. */
export function coverStrategy(strategy: Strategy, note: (met: string) => void): Strategy {
  return {
    ...strategy,
    guardSize: (count) => strategy.guardSize(count),
    open: (batch, invocation) =>
      coverSession(
        noting('threw', note, () => strategy.open(batch, invocation)),
        note,
      ),
  };
}

function coverSession(session: StrategySession, note: (met: string) => void): StrategySession {
  const met = (branch: CommitBranch): void => note(`commit: ${branch}`);
  const { opening, onOpened, onGuardFailed, onRowExists, onTokenMismatch, around } = session;
  return {
    guard: (group) => {
      met('guard');
      return session.guard(group);
    },
    ...(opening && {
      opening: () => {
        const actions = opening();
        if (actions !== undefined) {
          met('opening');
        }
        return actions;
      },
    }),
    ...(onOpened && {
      onOpened: () => {
        met('opened');
        onOpened();
      },
    }),
    ...(onGuardFailed && {
      onGuardFailed: (failure) => {
        const partition = noting('threw', note, () => onGuardFailed(failure));
        const branch = partition.applied.length > 0 ? 'some applied' : 'none applied';
        met(failure.group.length === 0 ? 'opening failed' : `guard failed: ${branch}`);
        return partition;
      },
    }),
    ...(onRowExists && {
      onRowExists: (group) => {
        met('row exists');
        return onRowExists(group);
      },
    }),
    ...(onTokenMismatch && {
      onTokenMismatch: (group) => {
        met('token mismatch');
        return onTokenMismatch(group);
      },
    }),
    ...(around && {
      around: (group, commit) => {
        met('around');
        return around(group, commit);
      },
    }),
  };
}

function noting<Value>(branch: CommitBranch, note: (met: string) => void, run: () => Value): Value {
  try {
    return run();
  } catch (error) {
    note(`commit: ${branch}`);
    throw error;
  }
}
