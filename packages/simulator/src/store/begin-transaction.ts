import { TOKEN_WINDOW_MS } from '@oncefold/commit/memory';
import { isSame } from './attribute-values.ts';
import type { SimulatedStore, TokenUse } from './create-store.ts';
import type { AttributeMap, Execution, MemberThrottle } from './store.ts';
import type { Slot } from './store-table.ts';

/** Why one action of a transaction cannot be done, in DynamoDB's words. */
export type CancellationCode =
  | 'None'
  | 'ConditionalCheckFailed'
  | 'TransactionConflict'
  | 'ThrottlingError'
  | 'ValidationError'
  | 'ItemCollectionSizeLimitExceeded';

/** A transaction in the form that all dialects share. */
export interface TransactionPlan {
  /** The place of each action; no two are equal. */
  readonly slots: readonly Slot[];
  readonly token: string | undefined;
  /** What a later request with the same token must be equal to. */
  readonly request: unknown;
  /** Says whether an action can be done on the item as it is. */
  check(index: number, existing: AttributeMap | undefined): CancellationCode;
  /** The item that an action leaves; the same one if it only checks, undefined if it deletes. What it throws is passed on. */
  itemAfter(index: number, existing: AttributeMap | undefined): AttributeMap | undefined;
}

export type TransactionVerdict =
  | { readonly code: 'committed'; readonly replayed: boolean }
  | { readonly code: 'cancelled'; readonly reasons: readonly CancellationCode[] }
  | { readonly code: 'in-progress' }
  | { readonly code: 'token-mismatch' };

/**
 * Begins a transaction: from here to its end it has its token and its items, or has already lost them to another one.
 *
 * Tokens are looked at first: a request whose token is in use meets neither items nor conditions. A transaction that meets a
 * conflict is as good as cancelled and holds nothing.
 */
export function beginTransaction(
  store: SimulatedStore,
  plan: TransactionPlan,
  throttle?: MemberThrottle,
): Execution<TransactionVerdict> {
  const earlier = usedBefore(store, plan);
  if (earlier !== undefined) {
    return { finish: () => earlier, abandon: () => {} };
  }
  const conflicts = plan.slots.map(({ heldBy }) => heldBy !== undefined);
  const isHolding = !conflicts.includes(true);
  const use: TokenUse = { request: plan.request, completedAtMs: undefined };
  if (plan.token !== undefined) {
    store.tokens.set(plan.token, use);
  }
  if (isHolding) {
    for (const slot of plan.slots) {
      slot.heldBy = use;
    }
  }
  const release = (): void => {
    if (isHolding) {
      for (const slot of plan.slots) {
        slot.heldBy = undefined;
      }
    }
    if (plan.token !== undefined && use.completedAtMs === undefined) {
      store.tokens.delete(plan.token);
    }
  };
  return {
    finish: () => {
      try {
        const reasons = plan.slots.map(({ item }, index): CancellationCode => {
          if (conflicts[index]) {
            return 'TransactionConflict';
          }
          return throttle?.(index) ? 'ThrottlingError' : plan.check(index, item);
        });
        if (reasons.some((code) => code !== 'None')) {
          return { code: 'cancelled', reasons };
        }
        commit(store, plan);
        use.completedAtMs = store.now();
        return { code: 'committed', replayed: false };
      } finally {
        release();
      }
    },
    abandon: release,
  };
}

function usedBefore(
  store: SimulatedStore,
  { token, request }: TransactionPlan,
): TransactionVerdict | undefined {
  const use = token === undefined ? undefined : store.tokens.get(token);
  if (use === undefined) {
    return undefined;
  }
  if (use.completedAtMs === undefined) {
    return { code: 'in-progress' };
  }
  if (store.now() - use.completedAtMs >= TOKEN_WINDOW_MS) {
    return undefined;
  }
  return isSame(use.request, request) ? { code: 'committed', replayed: true } : { code: 'token-mismatch' };
}

/** All items are made before the first is written, so that one that cannot be made leaves everything as it was. */
function commit(store: SimulatedStore, { slots, itemAfter }: TransactionPlan): void {
  const items = slots.map(({ item }, index) => itemAfter(index, item));
  for (let index = 0; index < slots.length; index++) {
    store.write(slots[index] as Slot, items[index]);
  }
}
