import {
  type Action,
  type FailedCondition,
  type Item,
  itemName,
  type TransactionOutcome,
  TransactionRefusedError,
  type TransactionRequest,
} from '@oncefold/commit';
import { assertSendable, itemAfter, meetsCondition } from '@oncefold/commit/memory';
import { canonicalItem } from './attribute-values.ts';
import {
  beginTransaction,
  type CancellationCode,
  type TransactionPlan,
  type TransactionVerdict,
} from './begin-transaction.ts';
import type { SimulatedStore } from './create-store.ts';
import type { AttributeMap, Execution, MemberThrottle, StoreRequest } from './store.ts';
import { KeyFault, nameOf, type Slot, slotOf } from './store-table.ts';

const failures: StoreRequest<TransactionOutcome>['failures'] = {
  throttled: () => ({ code: 'throttled' }),
  conflict: () => ({ code: 'conflict' }),
  serverError: () => ({ code: 'unavailable', cause: new Error('InternalServerError') }),
  timeout: () => ({ code: 'unavailable', cause: new Error('TimeoutError') }),
  unreadable: () => ({ code: 'unavailable', cause: new SyntaxError('Unexpected end of JSON input') }),
};

/**
 * One request of the transaction port of `@oncefold/commit` on the simulated store. Each copy that the network makes of it begins it
 * again.
 *
 * Without a token each request has one of its own, as the SDK makes it for each send: a copy of it is not written twice.
 * An action takes one unit of capacity for reading and two for writing, whatever its item's size.
 *
 * @returns the request; to finish it throws {@link TransactionRefusedError} where the store refuses it (a key that is not of the
 * table's schema, no such table, an increment of what is no number)
 * @throws {@link TransactionRefusedError} when the request would not be sent at all, as every adapter of the port does
 */
export function transactionRequest(
  store: SimulatedStore,
  request: TransactionRequest,
): StoreRequest<TransactionOutcome> {
  const slots: Slot[] = [];
  let refusal: TransactionRefusedError | undefined;
  // Finding the places and looking for two actions on one is the same work.
  assertSendable(request, (action) => {
    const slot = findSlot(store, action);
    if (slot instanceof TransactionRefusedError) {
      refusal ??= slot;
      return itemName(action);
    }
    slots.push(slot);
    return slot;
  });
  return new PortRequest(store, request, slots, refusal);
}

/** A class, because simulations make millions: its methods and getters are made once. */
class PortRequest implements StoreRequest<TransactionOutcome>, TransactionPlan<TransactionOutcome> {
  readonly members = 0;
  readonly failures: StoreRequest<TransactionOutcome>['failures'] = failures;
  readonly slots: readonly Slot[];
  readonly token: unknown;
  readonly content: readonly Action[];
  private readonly store: SimulatedStore;
  private readonly refusal: TransactionRefusedError | undefined;

  constructor(
    store: SimulatedStore,
    { actions, token }: TransactionRequest,
    slots: readonly Slot[],
    refusal: TransactionRefusedError | undefined,
  ) {
    this.store = store;
    this.slots = slots;
    this.refusal = refusal;
    this.token = token ?? slots;
    this.content = actions;
  }

  get summary(): string {
    const { length } = this.content;
    const token = typeof this.token === 'string' ? `, token ${this.token}` : '';
    return `TransactWriteItems, ${length} ${length === 1 ? 'action' : 'actions'}${token}`;
  }

  get items(): readonly string[] {
    return this.slots.map(nameOf);
  }

  begin(throttle?: MemberThrottle): Execution<TransactionOutcome> {
    return this.refusal === undefined ? beginTransaction(this.store, this, throttle) : refusing(this.refusal);
  }

  check(index: number, existing: AttributeMap | undefined): CancellationCode {
    const action = this.content[index] as Action;
    return meetsCondition(action, existing as Item | undefined) ? 'None' : 'ConditionalCheckFailed';
  }

  itemAfter(index: number, existing: AttributeMap | undefined): AttributeMap | undefined {
    const action = this.content[index] as Action;
    if (action.type === 'check') {
      return existing;
    }
    const item = itemAfter(action, existing as Item | undefined) as AttributeMap;
    // What is added to an existing item is in its one form already.
    const setsValues =
      'attributes' in action ||
      (action.type === 'update' && (action.set ?? action.setIfAbsent) !== undefined);
    return existing === undefined || setsValues ? canonicalItem(item) : item;
  }

  answer(verdict: TransactionVerdict): TransactionOutcome {
    return outcomeOf(verdict, this.content, this.slots);
  }
}

function findSlot(store: SimulatedStore, { table: name, key }: Action): Slot | TransactionRefusedError {
  const table = store.table(name);
  if (table === undefined) {
    return new TransactionRefusedError(`the store has no table ${name}`);
  }
  try {
    return slotOf(table, key as AttributeMap);
  } catch (error) {
    if (error instanceof KeyFault) {
      return new TransactionRefusedError(error.message);
    }
    throw error;
  }
}

function refusing(refusal: TransactionRefusedError): Execution<never> {
  return {
    finish: () => {
      throw refusal;
    },
    abandon: () => {},
  };
}

function outcomeOf(
  verdict: TransactionVerdict,
  actions: readonly Action[],
  slots: readonly Slot[],
): TransactionOutcome {
  if (verdict.code === 'committed') {
    const units = 2 * actions.length;
    return {
      code: 'committed',
      replayed: verdict.replayed,
      units: verdict.replayed ? { read: units, write: 0 } : { read: 0, write: units },
    };
  }
  if (verdict.code !== 'cancelled') {
    return verdict;
  }
  const { reasons } = verdict;
  // A condition that failed while another write held an item is asked again once the other is through.
  if (reasons.includes('TransactionConflict')) {
    return { code: 'conflict' };
  }
  if (reasons.includes('ThrottlingError')) {
    return { code: 'throttled' };
  }
  const failed: FailedCondition[] = [];
  for (const [index, reason] of reasons.entries()) {
    if (reason === 'ConditionalCheckFailed') {
      const existing = slots[index]?.item;
      failed.push({
        action: actions[index] as Action,
        existing: existing === undefined ? undefined : portItem(existing),
      });
    }
  }
  return { code: 'condition-failed', failures: failed };
}

/** Keeps the types that the port knows, as the adapter of DynamoDB does. */
function portItem(item: AttributeMap): Item {
  const known = Object.entries(item).filter(
    ([, { S, N, B }]) => S !== undefined || N !== undefined || B !== undefined,
  );
  return Object.fromEntries(known) as Item;
}
