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
  | 'ValidationError';

/** A transaction in the form that all dialects share. */
export interface TransactionPlan {
  /** The place of each action; no two are equal. */
  readonly slots: readonly Slot[];
  /** The client request token, or whatever is equal for the copies of one request only: the SDK makes a token for each. */
  readonly token: unknown;
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
  const { slots, token } = plan;
  const use: TokenUse = { request: plan.request, completedAtMs: undefined };
  const conflicts = slots.some(isHeld) ? slots.map(isHeld) : undefined;
  store.tokens.set(token, use);
  if (conflicts === undefined) {
    for (const slot of slots) {
      slot.heldBy = use;
    }
  }
  const release = (): void => {
    if (conflicts === undefined) {
      for (const slot of slots) {
        slot.heldBy = undefined;
      }
    }
    if (use.completedAtMs === undefined) {
      store.tokens.delete(token);
    }
  };
  return {
    finish: () => {
      try {
        const reasons = whyCancelled(plan, conflicts, throttle);
        if (reasons !== undefined) {
          return { code: 'cancelled', reasons };
        }
        commit(store, plan);
        use.completedAtMs = store.now();
        return COMMITTED;
      } finally {
        release();
      }
    },
    abandon: release,
  };
}

const COMMITTED: TransactionVerdict = { code: 'committed', replayed: false };

function isHeld({ heldBy }: Slot): boolean {
  return heldBy !== undefined;
}

/** @returns the reason for each action; undefined: there is none for any */
function whyCancelled(
  { slots, check }: TransactionPlan,
  conflicts: readonly boolean[] | undefined,
  throttle: MemberThrottle | undefined,
): CancellationCode[] | undefined {
  let reasons: CancellationCode[] | undefined;
  for (let index = 0; index < slots.length; index++) {
    let code: CancellationCode;
    if (conflicts?.[index]) {
      code = 'TransactionConflict';
    } else {
      code = throttle?.(index) ? 'ThrottlingError' : check(index, slots[index]?.item);
    }
    if (code !== 'None') {
      reasons ??= slots.map(() => 'None');
      reasons[index] = code;
    }
  }
  return reasons;
}

function usedBefore(
  store: SimulatedStore,
  { token, request }: TransactionPlan,
): TransactionVerdict | undefined {
  const use = store.tokens.get(token);
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
  const items: (AttributeMap | undefined)[] = [];
  for (let index = 0; index < slots.length; index++) {
    items.push(itemAfter(index, slots[index]?.item));
  }
  for (let index = 0; index < slots.length; index++) {
    store.write(slots[index] as Slot, items[index]);
  }
}
