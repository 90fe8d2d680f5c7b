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
export interface TransactionPlan<Answer> {
  /** The place of each action; no two are equal. */
  readonly slots: readonly Slot[];
  /** The client request token, or whatever is equal for the copies of one request only: the SDK makes a token for each. */
  readonly token: unknown;
  /** What a later request with the same token must be equal to. */
  readonly content: unknown;
  /** Says whether an action can be done on the item as it is. */
  check(index: number, existing: AttributeMap | undefined): CancellationCode;
  /** The item that an action leaves; the same one if it only checks, undefined if it deletes. What it throws is passed on. */
  itemAfter(index: number, existing: AttributeMap | undefined): AttributeMap | undefined;
  /** Puts what became of it into the words of the dialect; items of a failed condition are as they were when it was checked. */
  answer(verdict: TransactionVerdict): Answer;
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
export function beginTransaction<Answer>(
  store: SimulatedStore,
  plan: TransactionPlan<Answer>,
  throttle?: MemberThrottle,
): Execution<Answer> {
  const earlier = usedBefore(store, plan);
  if (earlier !== undefined) {
    return { finish: () => plan.answer(earlier), abandon: () => {} };
  }
  return new RunningTransaction(store, plan, throttle);
}

const COMMITTED: TransactionVerdict = { code: 'committed', replayed: false };

/** A class, because simulations begin millions: its methods are made once. */
class RunningTransaction<Answer> implements Execution<Answer> {
  private readonly store: SimulatedStore;
  private readonly plan: TransactionPlan<Answer>;
  private readonly throttle: MemberThrottle | undefined;
  private readonly use: TokenUse;
  /** For each action whether another transaction has its item; undefined: none has, and this one holds them all. */
  private readonly conflicts: readonly boolean[] | undefined;

  constructor(store: SimulatedStore, plan: TransactionPlan<Answer>, throttle: MemberThrottle | undefined) {
    const { slots, token, content } = plan;
    this.store = store;
    this.plan = plan;
    this.throttle = throttle;
    this.use = { content, completedAtMs: undefined };
    this.conflicts = slots.some(isHeld) ? slots.map(isHeld) : undefined;
    store.tokens.set(token, this.use);
    if (this.conflicts === undefined) {
      for (const slot of slots) {
        slot.heldBy = this.use;
      }
    }
  }

  finish(): Answer {
    try {
      const reasons = whyCancelled(this.plan, this.conflicts, this.throttle);
      if (reasons !== undefined) {
        return this.plan.answer({ code: 'cancelled', reasons });
      }
      commit(this.store, this.plan);
      this.use.completedAtMs = this.store.now();
      return this.plan.answer(COMMITTED);
    } finally {
      this.abandon();
    }
  }

  abandon(): void {
    if (this.conflicts === undefined) {
      for (const slot of this.plan.slots) {
        slot.heldBy = undefined;
      }
    }
    if (this.use.completedAtMs === undefined) {
      this.store.tokens.delete(this.plan.token);
    }
  }
}

function isHeld({ heldBy }: Slot): boolean {
  return heldBy !== undefined;
}

/** @returns the reason for each action; undefined: there is none for any */
function whyCancelled(
  plan: TransactionPlan<unknown>,
  conflicts: readonly boolean[] | undefined,
  throttle: MemberThrottle | undefined,
): CancellationCode[] | undefined {
  const { slots } = plan;
  let reasons: CancellationCode[] | undefined;
  for (let index = 0; index < slots.length; index++) {
    let code: CancellationCode;
    if (conflicts?.[index]) {
      code = 'TransactionConflict';
    } else {
      code = throttle?.(index) ? 'ThrottlingError' : plan.check(index, slots[index]?.item);
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
  { token, content }: TransactionPlan<unknown>,
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
  return isSame(use.content, content) ? { code: 'committed', replayed: true } : { code: 'token-mismatch' };
}

/** All items are made before the first is written, so that one that cannot be made leaves everything as it was. */
function commit(store: SimulatedStore, plan: TransactionPlan<unknown>): void {
  const { slots } = plan;
  const items: (AttributeMap | undefined)[] = [];
  for (let index = 0; index < slots.length; index++) {
    items.push(plan.itemAfter(index, slots[index]?.item));
  }
  for (let index = 0; index < slots.length; index++) {
    store.write(slots[index] as Slot, items[index]);
  }
}
